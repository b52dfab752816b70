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
 * Accepts connections and passes each method to a script first. A method that the script leaves is answered as by a broker
 * with empty queues: every client may log in and declare, and each publish on a channel with {@code confirm.select} is
 * confirmed.
 */
public final class ScriptedBroker {

    /** RabbitMQ's values, but without heartbeats. */
    public static final ConnectionMethod.Tune TUNE =
            new ConnectionMethod.Tune(AmqpLimits.DEFAULT_MAX_CHANNELS, AmqpLimits.DEFAULT_MAX_FRAME_BYTES, 0);

    /** Decides what the broker does; called on the connection's context. */
    @FunctionalInterface
    public interface Script {

        /** @return true if the script answers now, later or never; false: the broker gives the usual answer */
        boolean asked(ScriptedClient client, AmqpServerEvent.Method asked);

        /** The protocol header has arrived. As {@link #asked}; the usual answer is {@code connection.start}. */
        default boolean greeted(ScriptedClient client) {
            return false;
        }

        default void heartbeat(ScriptedClient client) {}

        /** Either side has ended the connection. */
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

    /** @param tune the limits to offer; a client that answers with a smaller frame size gets more frames */
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
