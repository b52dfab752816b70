package dev.polywire.amqp.broker;

import dev.polywire.core.net.EndpointOptions;
import java.util.Set;

/** A broker on loopback, shared by all tests of a run: what a test declares has a name of its own, see {@link #unique}. */
public interface Broker {

    /** What not every broker can do. A test of such a thing says what happens where it is lacking. */
    enum Feature {
        /** {@code exchange.bind}; Qpid drops the connection. */
        EXCHANGE_BINDINGS,
        /** {@code capabilities} among the server's properties. */
        CAPABILITIES,
        /** {@code basic.cancel} from the server, when a queue is deleted. */
        CONSUMER_CANCEL,
        /** {@code connection.blocked}, see {@link RabbitBroker#alarm}. */
        BLOCKED,
        /** Durable queues and persistent messages are there after {@link #stop} and {@link #start}. */
        DURABILITY,
        /** {@link #kill}. */
        KILL,
        /** {@link RabbitBroker#tlsEndpoint}. */
        TLS
    }

    /** {@code RabbitMQ} or {@code Qpid}. */
    String name();

    default String host() {
        return "127.0.0.1";
    }

    /** The same after each {@link #start}. */
    int port();

    default EndpointOptions endpoint() {
        return EndpointOptions.of(host(), port());
    }

    default String user() {
        return "guest";
    }

    default String password() {
        return "guest";
    }

    default String virtualHost() {
        return "/";
    }

    Set<Feature> lacks();

    default boolean has(Feature feature) {
        return !lacks().contains(feature);
    }

    /** Returns when it answers. Does nothing when it is up. */
    void start();

    /** Closes all connections with a farewell, and ends. A test that stops it starts it again. */
    void stop();

    /** As {@link #stop}, without a farewell. */
    void kill();

    /** A name that nobody else has. */
    default String unique(String what) {
        return Brokers.unique(what);
    }
}
