package dev.polywire.core.bus;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.Batch;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Vertx;

/** What a Vert.x instance needs to communicate with our services. */
public final class Polywire {

    private static final String END = "polywire.end";

    private Polywire() {}

    /**
     * Registers the codecs of typed failures (without it a node of a cluster gets only a timeout) and of batches. Each
     * verticle, proxy factory and reader of ours registers what it needs; a node that only sends plain messages calls
     * this itself. May be called any number of times, from any thread.
     *
     * @return {@code vertx}
     */
    public static Vertx install(Vertx vertx) {
        return Batch.install(Failure.install(vertx));
    }

    /**
     * The same, with other options than {@link PolywireOptions#DEFAULT}, for all that runs on this instance: they apply at
     * once, until they are given again. From any thread.
     *
     * @return {@code vertx}
     */
    public static Vertx install(Vertx vertx, PolywireOptions options) {
        MemoryBudget.of(vertx).limit(options.memory().maxBytes());
        return install(vertx);
    }

    /**
     * From now on, what leaves gives its requests time until then at the longest: one part of a program leaves after the other,
     * and all have one time together. From any thread.
     *
     * @param atMillis on {@link Monotonic}'s clock
     */
    public static void endsAt(Vertx vertx, long atMillis) {
        vertx.sharedData().<String, Long>getLocalMap(END).put(END, atMillis);
    }

    /** How long requests have when something leaves now. @param drainMillis if {@link #endsAt} says nothing else */
    public static long drainMillis(Vertx vertx, long drainMillis) {
        Long atMillis = vertx.sharedData().<String, Long>getLocalMap(END).get(END);
        return atMillis == null ? drainMillis : Math.max(0, Math.min(drainMillis, atMillis - Monotonic.millis()));
    }
}
