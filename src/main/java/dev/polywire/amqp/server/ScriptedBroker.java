package dev.polywire.amqp.server;

import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.AmqpServerMachine;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Accepts connections and lets a script look at each method first. What the script leaves to it is answered as a broker does
 * whose queues are empty: everybody may log in and declare, and each publish on a channel with {@code confirm.select} is
 * confirmed.
 */
public final class ScriptedBroker {

    /** No heartbeats; else as RabbitMQ. */
    public static final ConnectionMethod.Tune TUNE =
            new ConnectionMethod.Tune(AmqpLimits.DEFAULT_MAX_CHANNELS, AmqpLimits.DEFAULT_MAX_FRAME_BYTES, 0);

    /** What the broker does; called on the connection's context. */
    @FunctionalInterface
    public interface Script {

        /** @return true: the script has answered, or will, or never does. False: the usual answer is given */
        boolean asked(ScriptedClient client, AmqpServerEvent.Method asked);

        /** The protocol header has come. As {@link #asked}; the usual answer is {@code connection.start}. */
        default boolean greeted(ScriptedClient client) {
            return false;
        }

        default void heartbeat(ScriptedClient client) {}

        /** The end of a connection, by either side. */
        default void closed(ScriptedClient client, RuntimeException cause) {}
    }

    private final Acceptor acceptor;
    private final ConnectionMethod.Tune tune;
    private final Script script;
    private int connections;

    /** @param endpoint where to listen; port 0: the system chooses */
    public ScriptedBroker(Vertx vertx, EndpointOptions endpoint, Script script) {
        this(vertx, endpoint, TUNE, script);
    }

    /** @param tune what it offers; a client that answers with less frame bytes gets its messages in as many more frames */
    public ScriptedBroker(Vertx vertx, EndpointOptions endpoint, ConnectionMethod.Tune tune, Script script) {
        this.acceptor = new Acceptor(vertx, endpoint, "amqp", Spi.NONE);
        this.tune = tune;
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
        AmqpServerMachine machine = new AmqpServerMachine(AmqpLimits.DEFAULT, socket.tap());
        socket.attach(
                machine, open -> new ScriptedClient(open, ++connections, machine, new OrdinaryAnswers(tune), script));
    }
}
