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

    /** The connection that is up, and closed ones with unread messages; a further one replaces the oldest. */
    private static final int MAX_CONNECTIONS = 4;

    private final Dialer dialer;
    private final Link<FramedConnection> link;
    private final FramedLimits limits;
    private final FramedListener listener;
    /** The connection that is up, and closed ones with unread messages. */
    private final Set<FramedConnection> connections = new LinkedHashSet<>();

    private long dials;

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
        return List.copyOf(connections);
    }

    @Override
    public Future<Void> close() {
        link.close();
        CallException leaving = new CallException(CallException.Reason.SHUTTING_DOWN, "the connector is closing");
        List.copyOf(connections).forEach(connection -> connection.close(leaving));
        return dialer.close();
    }

    private Future<FramedConnection> dial() {
        return FramedConnection.connect(dialer, Long.toString(++dials), limits, listener)
                .onSuccess(up -> {
                    makeRoom();
                    connections.add(up);
                    up.endHandler(ended -> connections.remove(up));
                    listener.opened(up);
                });
    }

    private void makeRoom() {
        while (connections.size() >= MAX_CONNECTIONS) {
            FramedConnection oldest = connections.iterator().next();
            String why =
                    "the next connection has the place of " + oldest.target() + ", which nobody has read to its end";
            oldest.close(CallException.lost(why), FramedEnding.UNREAD);
        }
    }
}
