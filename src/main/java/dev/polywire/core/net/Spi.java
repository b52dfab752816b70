package dev.polywire.core.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The interface for metrics and tracing. Each method does nothing unless overridden; all are called on the context of the
 * request or the connection and must not block. Only this class of the project may use Netty or Vert.x internals.
 *
 * <pre>{@code
 *   admitted(caller, address, action, parent, deadline) -> request
 *     queued(protocol, operation, request) -> call, sent(call), answered(call, failure) | givenUp(call, why)
 *   done(request, failure)
 * }</pre>
 *
 * <p>A call belongs to the request that caused it, however long it waits and whichever request runs meanwhile; calls for
 * a page of a stream belong to the {@code next} that waits for it. A call is queued when a connection may take it; until
 * then the request waits. Both end once, also when the connector leaves; calls of a successful request end before it.
 *
 * <p>Every verticle takes one, as in {@code new MongoVerticle(spi)}, and so does {@code Program.start(vertx, configuration,
 * spi)}; the README has an example.
 */
public interface Spi {

    /** Does nothing. */
    Spi NONE = new Spi() {};

    /** A connection is up: dialled and its handshake done, or accepted. */
    default void connected(String protocol, String target) {}

    /** A connection that was up is down. */
    default void disconnected(String protocol, String target) {}

    /**
     * A request was taken from the bus.
     *
     * @param caller the client of a bridge that sent it; empty: a caller on the bus
     * @param address of the service
     * @param action of a bounded number of values
     * @param parent the headers of the request, which may name the parent of a trace
     * @return the request's token, which {@link #queued} and {@link #done} are given
     */
    default @Nullable Object admitted(
            String caller, String address, String action, MultiMap parent, long deadlineMillis) {
        return null;
    }

    /** The answer of the request is on its way. @param failure null: the request succeeded */
    default void done(@Nullable Object request, @Nullable Throwable failure) {}

    /**
     * A call to the peer waits for its turn.
     *
     * @param operation the protocol's name of the operation, one of a bounded number of values (a metric's label)
     * @param request the request of the call: a token of {@link #admitted}; null: an internal call
     * @return the call's token, which the other methods are given
     */
    default @Nullable Object queued(String protocol, String operation, @Nullable Object request) {
        return null;
    }

    /** The call is on its way; once, even if it is sent again. Never for a call lost, refused or given up before that. */
    default void sent(@Nullable Object call) {}

    /** The outcome of the call. @param failure null: it was answered, or needs no answer and was handed to the system */
    default void answered(@Nullable Object call, @Nullable Throwable failure) {}

    /** The caller no longer waits, whatever the answer. */
    default void givenUp(@Nullable Object call, Throwable why) {}

    /** Bytes were received or sent on a socket. */
    default void moved(String protocol, int receivedBytes, int sentBytes) {}

    /**
     * Reads from a socket, or stops: then everything that the peer sends stays in the kernel, the end of its stream too; one
     * more read may still come. A paused socket of Vert.x 5.1.6 would read on, into 24 buffers of up to 64 KiB. While it does
     * not read, a failed write does not close it, because what the peer sent before could not be read any more.
     */
    static void read(NetSocket socket, boolean on) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        // Netty 4.2 asserts that a channel which is told not to read still has its event loop: a closed one has none.
        if (channel.isOpen()) {
            channel.config().setAutoClose(on).setAutoRead(on);
        }
    }

    /**
     * Closes a socket at once. {@link NetSocket#close} first waits until its output is written, which a peer that does not
     * read can delay for any time.
     */
    static void abort(NetSocket socket) {
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }

    /** A socket that closes ends with a reset: what the system still keeps for the peer is thrown away, and never arrives. */
    static void resetAtEnd(NetSocket socket) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    /** The event loops of a Vert.x, and the one that accepts connections; a task runs in its turn. */
    static List<ScheduledExecutorService> eventLoops(Vertx vertx) {
        List<ScheduledExecutorService> loops = new ArrayList<>();
        ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loops::add);
        ((VertxInternal) vertx).acceptorEventLoopGroup().forEach(loops::add);
        return loops;
    }
}
