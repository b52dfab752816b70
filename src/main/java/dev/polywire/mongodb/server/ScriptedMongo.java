package dev.polywire.mongodb.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoServerMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Accepts connections and lets a script answer each request. The script decides everything: what to say, when, to which
 * request, and in which bytes. Without one, a hello is answered as a server of today does.
 */
public final class ScriptedMongo {

    /** What the server does; called on the connection's context. */
    @FunctionalInterface
    public interface Script {

        /** A request that is no hello. Nothing is sent unless the script says so, now or later. */
        void request(ScriptedPeer peer, MongoServerMachine.Request request);

        /** The first message of a connection; by default answered by {@link ScriptedHello#today}. */
        default void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
            peer.reply(request, ScriptedHello.today());
        }

        /** A connection, before its first message. */
        default void connected(ScriptedPeer peer) {}

        /** The end of a connection, by either side. */
        default void closed(ScriptedPeer peer, RuntimeException cause) {}
    }

    private final Acceptor acceptor;
    private final Script script;
    private int connections;

    /** @param endpoint where to listen; port 0: the system chooses */
    public ScriptedMongo(Vertx vertx, EndpointOptions endpoint, Script script) {
        this.acceptor = new Acceptor(vertx, endpoint, "mongodb", Spi.NONE);
        this.script = script;
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        return acceptor.listen(this::accept);
    }

    /** Stops listening and closes all connections. */
    public Future<Void> close() {
        return acceptor.close();
    }

    private void accept(Acceptor.Accepted socket) {
        MongoServerMachine machine = new MongoServerMachine(MessageHeader.MAX_MESSAGE_BYTES, socket.tap());
        script.connected(socket.attach(machine, open -> new ScriptedPeer(open, ++connections, machine, script)));
    }
}
