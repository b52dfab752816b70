package dev.polywire.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** The JVM of one contender: {@code Contender LOAD PORT}; each line {@code OPERATIONS IN_FLIGHT} of its input is one round. */
final class Contender {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Contender() {}

    public static void main(String[] arguments) {
        try {
            run(arguments);
        } catch (ReflectiveOperationException | IOException | RuntimeException failed) {
            // Its event loops would go on, and whoever waits for its answer would wait for ever.
            failed.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static void run(String[] arguments) throws ReflectiveOperationException, IOException {
        Vertx vertx = Vertx.vertx();
        Context context = vertx.getOrCreateContext();
        var constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        Load load = (Load) constructor.newInstance();
        on(context, () -> load.start(vertx, Integer.parseInt(arguments[1])));
        Jvm.say(new JsonObject().put("ready", true));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = line.split(" ", 2);
            Window window = new Window(Integer.parseInt(order[0]), Integer.parseInt(order[1]));
            Jvm.say(round(context, load, window));
        }
    }

    private static JsonObject round(Context context, Load load, Window window) {
        long allocated = allocatedBytes();
        long threads = threadNanos();
        long begun = System.nanoTime();
        on(context, () -> {
            load.run(window);
            return window.over();
        });
        return new JsonObject()
                .put("nanos", System.nanoTime() - begun)
                .put("threadNanos", threadNanos() - threads)
                .put("allocatedBytes", allocatedBytes() - allocated)
                .put("p50Nanos", window.nanos(0.5))
                .put("p99Nanos", window.nanos(0.99))
                .put("longestNanos", window.nanos(1));
    }

    /** Of all threads there are: those of an event loop do not end. */
    static long allocatedBytes() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    /** CPU time of the same threads; the system counts it in nanoseconds. */
    static long threadNanos() {
        long sum = 0;
        for (long thread : THREADS.getAllThreadIds()) {
            sum += Math.max(0, THREADS.getThreadCpuTime(thread));
        }
        return sum;
    }

    private interface Step {
        Future<?> take();
    }

    private static void on(Context context, Step step) {
        var done = new java.util.concurrent.CompletableFuture<Void>();
        context.runOnContext(v -> {
            try {
                step.take().onComplete(end -> {
                    if (end.succeeded()) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(end.cause());
                    }
                });
            } catch (RuntimeException thrown) {
                done.completeExceptionally(thrown);
            }
        });
        done.join();
    }
}
