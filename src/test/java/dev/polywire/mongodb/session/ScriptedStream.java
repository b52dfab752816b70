package dev.polywire.mongodb.session;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Loop;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;

/** A server that offers to stream its hellos, and then sends what the test says. */
final class ScriptedStream implements ScriptedMongo.Script {

    /** Names of the fields of each hello, with exhaustAllowed first if it has that. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<ScriptedPeer> peers = new CopyOnWriteArrayList<>();
    final List<ScriptedPeer> gone = new CopyOnWriteArrayList<>();
    private final Set<ScriptedPeer> greeted = ConcurrentHashMap.newKeySet();
    final int port;
    /** To a hello that waits: one after the other, and more are to come. */
    volatile List<String> stream = List.of();
    /** Whether the last of the stream has no moreToCome. */
    volatile boolean ends;
    /** Whether a plain hello is answered when it is not the first of its connection. */
    volatile boolean answersLater = true;

    ScriptedStream(Vertx vertx) {
        port = Loop.await(new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), this).listen());
    }

    /** An answer, whole. @param setName of this version */
    static String hello(int counter, String setName) {
        return "{helloOk: true, ismaster: true, setName: '" + setName
                + "', maxWireVersion: 25, topologyVersion: {processId:"
                + " {$oid: '000000000000000000000001'}, counter: {$numberLong: '" + counter + "'}}, ok: 1.0}";
    }

    @Override
    public void hello(ScriptedPeer peer, Request request) {
        BsonDocument hello = Documents.parsed(request.command());
        boolean exhaust =
                request.message() instanceof OpMsg message && (message.flagBits() & OpMsg.EXHAUST_ALLOWED) != 0;
        asked.add((exhaust ? "exhaustAllowed " : "") + String.join(" ", hello.keySet()));
        if (hello.containsKey("topologyVersion")) {
            int id = request.header().requestId();
            List<String> now = stream;
            for (int i = 0; i < now.size(); i++) {
                int flags = ends && i == now.size() - 1 ? 0 : OpMsg.MORE_TO_COME;
                id = peer.answer(id, new OpMsg(flags, Documents.bson(now.get(i)), List.of()));
            }
        } else if (greeted.add(peer) || answersLater) {
            peer.reply(request, Documents.bson(hello(5, "first")));
        }
    }

    @Override
    public void connected(ScriptedPeer peer) {
        peers.add(peer);
    }

    @Override
    public void request(ScriptedPeer peer, Request request) {
        asked.add("another command");
    }

    @Override
    public void closed(ScriptedPeer peer, RuntimeException cause) {
        gone.add(peer);
    }
}
