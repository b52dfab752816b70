package dev.polywire.core.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * A context that lives as long as its Vert.x instance: an object that is installed once per instance must stay when the
 * verticle that installed it is undeployed.
 */
public final class OwnContext {

    private final Promise<Context> context = Promise.promise();

    public OwnContext(Vertx vertx) {
        // A thread without a context gets a new one; a verticle's thread would get the verticle's.
        new Thread(() -> context.complete(vertx.getOrCreateContext()), "polywire-context").start();
    }

    /** Runs {@code step} there, later; steps keep their order. */
    public void run(Runnable step) {
        context.future().onSuccess(own -> own.runOnContext(now -> step.run()));
    }

    /** The outcome of {@code step}, which runs there; the future completes there, too. */
    public <T> Future<T> call(Supplier<Future<T>> step) {
        Promise<T> outcome = Promise.promise();
        run(() -> step.get().onComplete(outcome));
        return outcome.future();
    }

    /** The same outcome; the future completes on the context of the caller. */
    public static <T> Future<T> here(Vertx vertx, Future<T> outcome) {
        Context caller = vertx.getOrCreateContext();
        Promise<T> heard = Promise.promise();
        outcome.onComplete((value, failure) -> caller.runOnContext(now -> heard.complete(value, failure)));
        return heard.future();
    }
}
