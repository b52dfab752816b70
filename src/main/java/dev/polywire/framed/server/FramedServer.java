package dev.polywire.framed.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.client.FramedPeers;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Accepts framed connections and names them 1, 2, 3, … as they come. */
public final class FramedServer implements FramedPeers {

    private final Acceptor acceptor;
    private final FramedLimits limits;
    private final int maxConnections;
    private final FramedListener listener;
    /** Those that are up, and those whose peer is gone and whose last messages nobody has read. */
    private final Map<String, FramedConnection> connections = new LinkedHashMap<>();

    private long accepted;
    private long refused;

    /**
     * @param maxConnections at a time; a further one is closed at once and counted
     * @param listener hears what happens on the connections
     */
    public FramedServer(
            Vertx vertx, EndpointOptions endpoint, FramedLimits limits, int maxConnections, FramedListener listener) {
        this.acceptor = new Acceptor(vertx, endpoint, "framed", Spi.NONE);
        this.limits = limits;
        this.maxConnections = maxConnections;
        this.listener = listener;
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        return acceptor.listen(this::accept);
    }

    /** Connections that were closed because there were too many. */
    public long refused() {
        return refused;
    }

    @Override
    public Future<Void> ready(Deadline deadline) {
        return Future.succeededFuture();
    }

    @Override
    public Future<FramedConnection> connection(@Nullable String id, Deadline deadline) {
        if (id == null) {
            return Future.failedFuture(new CallException(
                    CallException.Reason.BAD_REQUEST, "connection: missing (expected: the id of a connection)"));
        }
        FramedConnection connection = connections.get(id);
        return connection != null && connection.isUp()
                ? Future.succeededFuture(connection)
                : Future.failedFuture(new CallException(CallException.Reason.NOT_FOUND, "connection: not up any more"));
    }

    @Override
    public Collection<FramedConnection> connections() {
        return connections.values().stream().filter(FramedConnection::isUp).toList();
    }

    @Override
    public Future<Void> close() {
        CallException leaving = new CallException(CallException.Reason.SHUTTING_DOWN, "the connector is closing");
        Future<Void> closed = acceptor.close();
        Map.copyOf(connections).values().forEach(connection -> connection.close(leaving));
        return closed;
    }

    private void accept(Acceptor.Accepted socket) {
        if (connections.size() >= maxConnections) {
            refused++;
            socket.refuse();
            return;
        }
        String id = Long.toString(++accepted);
        FramedMachine machine = new FramedMachine(limits, socket.tap());
        FramedConnection connection = new FramedConnection(id, machine, listener);
        connection.on(socket.attach(machine, connection));
        connections.put(id, connection);
        connection.endHandler(ended -> connections.remove(id));
        listener.opened(connection);
    }
}
