package dev.polywire.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One event loop context, and the test's thread waiting for what happens on it. */
public final class Loop implements AutoCloseable {

    /** Long enough for a slow machine; reached only by a test that fails. */
    public static final long PATIENCE_SECONDS = 20;

    private final Vertx vertx;
    private final Context context;

    public Loop() {
        this(Vertx.vertx());
    }

    /** @param vertx of this one: it is closed with it */
    public Loop(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    public Vertx vertx() {
        return vertx;
    }

    /** What {@code step} gives, run on the context. */
    public <T> T call(Callable<T> step) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        context.runOnContext(v -> {
            try {
                outcome.complete(step.call());
            } catch (Throwable failed) {
                outcome.completeExceptionally(failed);
            }
        });
        return await(outcome);
    }

    /** Runs {@code step} on the context and waits for its end. */
    public void run(Runnable step) {
        call(() -> {
            step.run();
            return true;
        });
    }

    /** Runs {@code step} on the context some time. */
    public void post(Runnable step) {
        context.runOnContext(v -> step.run());
    }

    /** What the future that {@code step} gives on the context completes with. */
    public <T> T join(Callable<Future<T>> step) {
        return await(call(step));
    }

    /** What the future that {@code step} gives on the context fails with. */
    public Throwable failure(Callable<? extends Future<?>> step) {
        CompletableFuture<?> outcome = call(step).toCompletionStage().toCompletableFuture();
        try {
            Object value = outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("succeeded: " + value);
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (InterruptedException | TimeoutException gaveUp) {
            throw new AssertionError("no outcome", gaveUp);
        }
    }

    public static <T> T await(Future<T> future) {
        return await(future.toCompletionStage().toCompletableFuture());
    }

    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("failed: " + failed.getCause(), failed.getCause());
        } catch (InterruptedException | TimeoutException gaveUp) {
            throw new AssertionError("no outcome", gaveUp);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
