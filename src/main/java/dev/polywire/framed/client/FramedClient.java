package dev.polywire.framed.client;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.wire.FramedLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one framed connection to a server up. When the server closes it, the client dials again at once, and earlier
 * messages of the server can still be read.
 */
public final class FramedClient implements FramedPeers {

    /** Closed connections with unread messages that are kept; a further one replaces the oldest. */
    private static final int MAX_UNREAD_CONNECTIONS = 4;

    private final Dialer dialer;
    private final Link<FramedConnection> link;
    private final FramedLimits limits;
    private final FramedListener listener;
    /** The connection that is up, and closed ones with unread messages. */
    private final Set<FramedConnection> connections = new LinkedHashSet<>();

    private long dials;
    private long unread;

    /** @param states receives the states of the connection @param listener receives its events */
    public FramedClient(
            Vertx vertx,
            EndpointOptions endpoint,
            FramedLimits limits,
            Spi spi,
            Link.Listener states,
            FramedListener listener) {
        this.dialer = new Dialer(vertx, endpoint, "framed", spi);
        this.limits = limits;
        this.listener = listener;
        this.link = new Link<>(vertx, this::dial, new Backoff(new Random()), states);
    }

    /** Begins to connect. @return the outcome of the first attempt; the client tries again after a failure */
    public Future<Void> start() {
        return link.start();
    }

    /** Connections that were dropped with unread messages. */
    public long unreadConnections() {
        return unread;
    }

    @Override
    public Future<Void> ready(Deadline deadline) {
        return link.ready(deadline).mapEmpty();
    }

    @Override
    public Future<FramedConnection> connection(@Nullable String id, Deadline deadline) {
        if (id == null) {
            return link.ready(deadline);
        }
        FramedConnection up = link.now();
        return up != null && id.equals(up.id())
                ? Future.succeededFuture(up)
                : Future.failedFuture(new CallException(CallException.Reason.NOT_FOUND, "connection: not up any more"));
    }

    @Override
    public Collection<FramedConnection> connections() {
        FramedConnection up = link.now();
        return up == null ? List.of() : List.of(up);
    }

    @Override
    public Future<Void> close() {
        link.close();
        CallException leaving = new CallException(CallException.Reason.SHUTTING_DOWN, "the connector is closing");
        List.copyOf(connections).forEach(connection -> connection.close(leaving));
        return dialer.close();
    }

    private Future<FramedConnection> dial() {
        while (connections.size() >= MAX_UNREAD_CONNECTIONS) {
            unread++;
            connections
                    .iterator()
                    .next()
                    .close(CallException.lost("nobody has read it to its end"), FramedEnding.UNREAD);
        }
        return FramedConnection.connect(dialer, Long.toString(++dials), limits, listener)
                .onSuccess(up -> {
                    connections.add(up);
                    up.endHandler(ended -> connections.remove(up));
                    listener.opened(up);
                });
    }
}
