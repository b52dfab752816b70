package dev.polywire.calls;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.mongodb.wire.ServerApi;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Commands of MongoDB, up to four at a time. */
final class MongoSide extends Side<MongoConnection> {

    private static final int MAX_IN_FLIGHT = 4;
    private static final int MAX_MESSAGE_BYTES = 1_024;

    private final BlockingQueue<Asked> coming = new LinkedBlockingQueue<>();
    private final ArrayDeque<Asked> held = new ArrayDeque<>();
    private final int port =
            loop.join(() -> new ScriptedMongo(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), new Script()).listen());
    private volatile ScriptedPeer peer;

    /** It writes down what it is asked. */
    private final class Script implements ScriptedMongo.Script {

        @Override
        public void connected(ScriptedPeer client) {
            peer = client;
        }

        @Override
        public void request(ScriptedPeer client, MongoServerMachine.Request request) {
            coming.add(new Asked(request));
        }
    }

    private record Asked(MongoServerMachine.Request request) {

        int id() {
            return request.header().requestId();
        }

        String name() {
            return BsonFields.text(request.command(), BsonFields.firstName(request.command()));
        }
    }

    MongoSide() {
        super("mongodb");
    }

    @Override
    EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", port);
    }

    @Override
    Future<MongoConnection> dial(Dialer dialer, long handshakeTimeoutMillis) {
        MongoClientOptions options = new MongoClientOptions(
                MAX_MESSAGE_BYTES,
                new ClientMetadata("test", "1"),
                1,
                handshakeTimeoutMillis,
                List.of(),
                false,
                null,
                new ServerApi("1", null, null),
                null);
        return MongoConnection.connect(dialer, options, MAX_IN_FLIGHT, new ScramKeyCache(new byte[16]));
    }

    @Override
    Future<String> reading(String name, Deadline deadline) {
        return send("find", name, deadline);
    }

    @Override
    Future<String> changing(String name, Deadline deadline) {
        return send("insert", name, deadline);
    }

    @Override
    Future<String> tooLong(String name, Deadline deadline) {
        return send("insert", "x".repeat(MAX_MESSAGE_BYTES), deadline);
    }

    @Override
    Future<String> unwritable(String name, Deadline deadline) {
        Buffer declaring = Documents.bson("{find: '" + name + "', apiVersion: '1', '$db': 'test'}");
        return send(new MongoCall(declaring, true, deadline));
    }

    private Future<String> send(String command, String name, Deadline deadline) {
        return send(new MongoCall(document(command, name), deadline));
    }

    private Future<String> send(MongoCall call) {
        connection().send(call);
        return call.document().map(answer -> BsonFields.text(answer, "name"));
    }

    private static Buffer document(String command, String name) {
        return Documents.bson("{'" + command + "': '" + name + "', '$db': 'test'}");
    }

    @Override
    int fill() {
        for (int i = 0; i < MAX_IN_FLIGHT; i++) {
            ask(this::reading, "before");
        }
        return MAX_IN_FLIGHT;
    }

    @Override
    String hear() {
        Asked next = poll(coming);
        held.add(next);
        return next.name();
    }

    @Override
    void answer() {
        Asked oldest = held.remove();
        peer.reply(oldest.request, Documents.bson("{ok: 1, name: '" + oldest.name() + "'}"));
    }

    /** Its document has an element of a type that there is not. */
    @Override
    void garble() {
        Asked oldest = held.remove();
        Buffer document = Buffer.buffer()
                .appendIntLE(8)
                .appendByte((byte) 0x20)
                .appendString("a")
                .appendByte((byte) 0)
                .appendByte((byte) 0);
        peer.raw(Buffer.buffer()
                .appendIntLE(16 + 5 + document.length())
                .appendIntLE(1)
                .appendIntLE(oldest.id())
                .appendIntLE(OpMsg.OP_CODE)
                .appendIntLE(0)
                .appendByte((byte) 0)
                .appendBuffer(document));
    }

    @Override
    void answerTooLong() {
        begin(MAX_MESSAGE_BYTES + 1);
    }

    /** A message that is shorter than its header. */
    @Override
    void breakFraming() {
        begin(1);
    }

    @Override
    void cutOff() {
        begin(100);
        peer.close();
    }

    private void begin(int messageBytes) {
        int responseTo = held.remove().id();
        peer.raw(Buffer.buffer()
                .appendIntLE(messageBytes)
                .appendIntLE(1)
                .appendIntLE(responseTo)
                .appendIntLE(OpMsg.OP_CODE));
    }

    @Override
    void drop() {
        peer.close();
    }

    @Override
    long lateAnswers() {
        return connection().lateAnswers();
    }
}
