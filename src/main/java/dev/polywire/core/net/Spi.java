package dev.polywire.core.net;

import io.vertx.core.MultiMap;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics and tracing are plugged in. Each method does nothing unless overridden; all are called on the context of the
 * request or the connection and must not block. The only class of the project that may touch Netty or Vert.x internals.
 *
 * <pre>{@code
 *   admitted(who, action, parent, deadline) -> request
 *     queued(protocol, operation, request) -> call, sent(call), answered(call, failure) | givenUp(call, why)
 *   done(request, failure)
 * }</pre>
 *
 * <p>A call belongs to the request it was made for, however long it waits and whoever is served meanwhile; those of a page of a
 * stream to the {@code next} that waits for it. It is queued when a connection may take it: before that the request waits.
 * Both have one end, also when the connector leaves, and the calls of a request that succeeded have theirs before it.
 *
 * <p>{@code new MongoVerticle(spi)}, as all verticles, and {@code Program.start(vertx, configuration, spi)} take one; an
 * example is in the README.
 */
public interface Spi {

    /** Watches nothing. */
    Spi NONE = new Spi() {};

    /** A connection is up: dialled and its handshake done, or accepted. */
    default void connected(String protocol, String target) {}

    /** A connection that was up is down. */
    default void disconnected(String protocol, String target) {}

    /**
     * A request was taken from the bus.
     *
     * @param caller who a bridge asks for; empty: somebody on the bus
     * @param address of the service
     * @param action of a bounded number of values
     * @param parent the headers it came with, where a trace's parent is
     * @return a token of it, which {@link #queued} and {@link #done} get
     */
    default @Nullable Object admitted(
            String caller, String address, String action, MultiMap parent, long deadlineMillis) {
        return null;
    }

    /** Its answer is on its way. @param failure null: it succeeded */
    default void done(@Nullable Object request, @Nullable Throwable failure) {}

    /**
     * A call to the peer waits for its turn.
     *
     * @param operation the protocol's word for it, of a bounded number of values (a metric's label)
     * @param request what it is for: a token of {@link #admitted}; null: a matter of ours
     * @return a token of it, which the other words get
     */
    default @Nullable Object queued(String protocol, String operation, @Nullable Object request) {
        return null;
    }

    /** It is on its way to the peer; once, though it be sent again. One that was lost, refused or given up before never is. */
    default void sent(@Nullable Object call) {}

    /** Its outcome. @param failure null: it was answered, or wants no answer and was handed to the system */
    default void answered(@Nullable Object call, @Nullable Throwable failure) {}

    /** Its caller waits no more, whatever comes. */
    default void givenUp(@Nullable Object call, Throwable why) {}

    /** Bytes went over a socket. */
    default void moved(String protocol, int receivedBytes, int sentBytes) {}

    /**
     * Closes a socket at once. {@link NetSocket#close} first waits until what was written is sent: as long as a peer that
     * does not read likes.
     */
    static void abort(NetSocket socket) {
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }
}
