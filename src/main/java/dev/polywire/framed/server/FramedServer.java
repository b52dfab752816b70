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
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Accepts framed connections and numbers them 1, 2, 3, … in order. */
public final class FramedServer implements FramedPeers {

    /** For connections with unwritten messages after all drains. */
    private static final long CLOSE_MILLIS = 5_000;

    private final Acceptor acceptor;
    private final FramedLimits limits;
    private final FramedListener listener;
    private final FramedPlaces places;

    private long accepted;
    private long refused;
    private boolean leaving;

    /**
     * @param maxConnections at a time; a further one gets the place of one that nobody reads, or is closed at once and counted
     * @param maxConnectionsPerAddress the same, of one address without its port
     * @param listener receives the events of the connections
     */
    public FramedServer(
            Vertx vertx,
            EndpointOptions endpoint,
            FramedLimits limits,
            int maxConnections,
            int maxConnectionsPerAddress,
            Spi spi,
            FramedListener listener) {
        this.acceptor = new Acceptor(vertx, endpoint, "framed", spi);
        this.limits = limits;
        this.places = new FramedPlaces(maxConnections, maxConnectionsPerAddress);
        this.listener = listener;
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        return acceptor.listen(this::accept);
    }

    /** Connections that were closed because there were too many, in total or from their address. */
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
        FramedConnection connection = places.get(id);
        return connection != null && connection.isUp()
                ? Future.succeededFuture(connection)
                : Future.failedFuture(new CallException(CallException.Reason.NOT_FOUND, "connection: not up any more"));
    }

    @Override
    public Collection<FramedConnection> connections() {
        return places.all();
    }

    /**
     * Accepts no more connections; the present ones continue.
     *
     * @param millis the time until {@link #close} is called
     */
    public void leave(long millis) {
        if (!leaving) {
            leaving = true;
            acceptor.leave(millis + CLOSE_MILLIS);
        }
    }

    /** Writes what was sent, then closes without waiting for a peer that does not read. */
    @Override
    public Future<Void> close() {
        leave(0);
        CallException closing = new CallException(CallException.Reason.SHUTTING_DOWN, "the connector is closing");
        return Future.join(
                        places.all().stream().map(each -> each.leave(closing)).toList())
                .eventually(acceptor::close)
                .mapEmpty();
    }

    private void accept(Acceptor.Accepted socket) {
        String address = socket.remoteHost();
        if (!places.hasRoom(address)) {
            refused++;
            socket.refuse();
            return;
        }
        String id = Long.toString(++accepted);
        FramedConnection connection = FramedConnection.accept(socket, id, limits, listener);
        places.add(connection, address);
        connection.endHandler(ended -> places.remove(connection));
        listener.opened(connection);
    }
}
