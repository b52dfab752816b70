package dev.polywire.core.net;

import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics and tracing are plugged in. Each method does nothing unless overridden; all are called on the connection's
 * context and must not block. The only class of the project that may touch Netty or Vert.x internals.
 */
public interface Spi {

    /** Watches nothing. */
    Spi NONE = new Spi() {};

    /** A connection is up, its handshake included where the protocol has one. */
    default void connected(String protocol, String target) {}

    /** A connection that was up is down. */
    default void disconnected(String protocol, String target) {}

    /**
     * A request is on its way to the peer.
     *
     * @param operation the protocol's word for it, of a bounded number of values (a metric's label)
     * @return a token that {@link #answered} gets back
     */
    default @Nullable Object sent(String protocol, String operation) {
        return null;
    }

    /** The outcome of a request. @param failure null: it was answered */
    default void answered(@Nullable Object token, @Nullable Throwable failure) {}

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
