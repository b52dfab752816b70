package dev.polywire.eventstore.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EventStoreServer} for a test, with a Vert.x instance of its own: on loopback, at free ports, in memory. Its methods
 * wait, so they are not for event loops.
 *
 * <pre>{@code
 *   try (LocalEventStore store = LocalEventStore.start()) {
 *       connect("127.0.0.1", store.port());
 *   }
 * }</pre>
 */
public final class LocalEventStore implements AutoCloseable {

    private final Vertx vertx;
    private final EventStoreServer server;
    private @Nullable Future<Void> closed;

    private LocalEventStore(Vertx vertx, EventStoreServer server) {
        this.vertx = vertx;
        this.server = server;
    }

    /** One node like 5.0.11, without TLS. @throws IllegalStateException when it does not start */
    public static LocalEventStore start() {
        return start(EventStoreServerOptions.DEFAULT, NodeEndpoints.loopback());
    }

    /**
     * @param nodes the first one is the leader at the beginning, the others are followers
     * @throws IllegalStateException when it does not start: a port is taken, a file of TLS cannot be read
     */
    public static LocalEventStore start(EventStoreServerOptions options, NodeEndpoints... nodes) {
        // One loop has all the work; the rest is what Vert.x has beside it.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        try {
            LocalEventStore started = new LocalEventStore(vertx, new EventStoreServer(vertx, options, nodes));
            await(started.server.listen());
            return started;
        } catch (RuntimeException cannot) {
            await(vertx.close());
            throw cannot;
        }
    }

    /** Where clients of the first node connect, without TLS if it has both. */
    public int port() {
        ListeningNode first = server.nodes().get(0);
        return first.port() == 0 ? first.securePort() : first.port();
    }

    /** For more than its port: nodes and their roles, fault plans, counters. */
    public EventStoreServer server() {
        return server;
    }

    /** Closes the server and its connections; its streams are gone. Once more, it does nothing. */
    @Override
    public void close() {
        await(closed());
    }

    private synchronized Future<Void> closed() {
        Future<Void> closing = closed == null ? server.close().eventually(vertx::close) : closed;
        closed = closing;
        return closing;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failed) {
            Throwable cause = Objects.requireNonNull(failed.getCause());
            throw new IllegalStateException(cause.getMessage(), cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the server", stopped);
        }
    }
}
