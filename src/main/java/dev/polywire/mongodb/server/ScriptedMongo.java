package dev.polywire.mongodb.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.MessageHeader;
import dev.polywire.mongodb.wire.MongoServerMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Accepts connections and lets a script answer each request. The script decides everything: what to send, when, for which
 * request, and in which bytes. By default a hello gets the answer of a current server.
 */
public final class ScriptedMongo {

    /** Decides what the server does; called on the connection's context. */
    @FunctionalInterface
    public interface Script {

        /** A request other than a hello. Nothing is sent unless the script sends it, now or later. */
        void request(ScriptedPeer peer, MongoServerMachine.Request request);

        /** The first message of a connection; {@link ScriptedHello#today} is the default answer. */
        default void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
            peer.reply(request, ScriptedHello.today());
        }

        /** A connection is accepted; called before its first message. */
        default void connected(ScriptedPeer peer) {}

        /** Some output has been written. */
        default void written(ScriptedPeer peer) {}

        /** Either side has ended the connection. */
        default void closed(ScriptedPeer peer, RuntimeException cause) {}
    }

    /** That of the library. */
    private static final int ZLIB_LEVEL = -1;

    private final Acceptor acceptor;
    private final List<String> compressors;
    private final int maxMessageBytes;
    private final Script script;
    private int connections;

    /** @param endpoint where to listen; port 0: the system chooses */
    public ScriptedMongo(Vertx vertx, EndpointOptions endpoint, Script script) {
        this(vertx, endpoint, List.of(), MessageHeader.MAX_MESSAGE_BYTES, script);
    }

    /**
     * @param endpoint where to listen; port 0: the system chooses
     * @param compressors that {@link ScriptedPeer#negotiate} may agree on, by name; those that cannot be used here are left out
     * @param maxMessageBytes the longest message in either direction
     */
    public ScriptedMongo(
            Vertx vertx, EndpointOptions endpoint, List<String> compressors, int maxMessageBytes, Script script) {
        this.acceptor = new Acceptor(vertx, endpoint, true, "mongodb", Spi.NONE, MemoryBudget.of(vertx));
        this.compressors = List.copyOf(compressors);
        this.maxMessageBytes = maxMessageBytes;
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
        MongoServerMachine machine =
                new MongoServerMachine(maxMessageBytes, socket.tap(), Compressors.usable(compressors, ZLIB_LEVEL));
        script.connected(socket.attach(machine, open -> new ScriptedPeer(open, ++connections, machine, script)));
    }
}
