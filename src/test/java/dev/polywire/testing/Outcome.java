package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What a future ends with, for a thread that may wait. */
public final class Outcome {

    /** A test that needs longer hangs. */
    private static final int PATIENCE_SECONDS = 60;

    private Outcome() {}

    public static <T> T value(Future<T> future) {
        try {
            return await(future);
        } catch (ExecutionException failed) {
            return fail(failed.getCause());
        }
    }

    public static Throwable failure(Future<?> future) {
        try {
            return fail("succeeded: " + await(future));
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    /** Runs {@code work} on a context, and its future's outcome is the result. */
    public static <T> T on(io.vertx.core.Context context, Supplier<Future<T>> work) {
        io.vertx.core.Promise<T> promise = io.vertx.core.Promise.promise();
        context.runOnContext(now -> {
            try {
                work.get().onComplete(promise);
            } catch (Throwable thrown) {
                promise.fail(thrown);
            }
        });
        return value(promise.future());
    }

    /** The same on a new context. */
    public static <T> T on(Vertx vertx, Supplier<Future<T>> work) {
        return on(vertx.getOrCreateContext(), work);
    }

    private static <T> T await(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException never) {
            return fail("no outcome within " + PATIENCE_SECONDS + " s");
        }
    }
}
