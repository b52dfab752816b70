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
 * Keeps one framed connection to a server up. When its server closes it, the next one is made at once, and what the server
 * had sent before can still be read.
 */
public final class FramedClient implements FramedPeers {

    /** Connections that are gone and whose last messages nobody reads: the oldest is dropped for one more. */
    private static final int MAX_UNREAD_CONNECTIONS = 4;

    private final Dialer dialer;
    private final Link<FramedConnection> link;
    private final FramedLimits limits;
    private final FramedListener listener;
    /** The one that is up, and those that are gone and not read to their end. */
    private final Set<FramedConnection> connections = new LinkedHashSet<>();

    private long dials;
    private long unread;

    /**
     * @param states hears where the connection stands
     * @param listener hears what happens on it
     */
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

    /** Begins to connect. @return the outcome of the first attempt; it goes on all the same */
    public Future<Void> start() {
        return link.start();
    }

    /** Connections that were dropped with messages that nobody had read. */
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
