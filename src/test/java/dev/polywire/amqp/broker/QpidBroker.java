package dev.polywire.amqp.broker;

import dev.polywire.embedded.EmbeddedOptions;
import dev.polywire.embedded.EmbeddedServer;
import dev.polywire.embedded.EmbeddedServers;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Ports;
import dev.polywire.testing.leftovers.Shared;
import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.Set;

/** The embedded Qpid Broker-J: up in two seconds, and forgets all when it stops. */
public final class QpidBroker implements Broker {

    private final int port = Ports.free();
    private Vertx vertx;
    private EmbeddedServer server;

    @Override
    public String name() {
        return "Qpid";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Set<Feature> lacks() {
        return EnumSet.allOf(Feature.class);
    }

    @Override
    public synchronized void start() {
        if (server == null) {
            vertx = Vertx.vertx();
            Shared.QPID.port(port, this::stop);
            server = Loop.await(EmbeddedServers.start(vertx, new EmbeddedOptions(EmbeddedOptions.Type.AMQP, port)));
        }
    }

    @Override
    public synchronized void stop() {
        if (server != null) {
            Loop.await(server.close());
            Loop.await(vertx.close());
            server = null;
        }
    }

    /** Cannot be: it has no process of its own. */
    @Override
    public void kill() {
        stop();
    }
}
