package dev.polywire.testing;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What became of each request that was sent. They balance when every one has an outcome. May be kept by many threads. */
public final class Books {

    private final AtomicInteger sent = new AtomicInteger();
    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();

    /** One request. */
    public void note(Future<?> request) {
        sent.incrementAndGet();
        request.onComplete((value, cause) -> outcomes.merge(cause == null ? "ok" : name(cause), 1, Integer::sum));
    }

    /** Sends {@code count} requests, at most {@code window} of them without an answer. Returns when all are sent. */
    public void load(int count, int window, Supplier<Future<?>> request) {
        Semaphore room = new Semaphore(window);
        for (int i = 0; i < count; i++) {
            room.acquireUninterruptibly();
            Future<?> one = request.get();
            note(one);
            one.onComplete(answered -> room.release());
        }
    }

    public int sent() {
        return sent.get();
    }

    public int settled() {
        return outcomes.values().stream().mapToInt(Integer::intValue).sum();
    }

    public int ok() {
        return of("ok");
    }

    /** How many have failed so; the bus's own timeout is {@code untyped timeout}. */
    public int of(String name) {
        return outcomes.getOrDefault(name, 0);
    }

    @Override
    public String toString() {
        return outcomes.toString();
    }

    private static String name(Throwable cause) {
        String name = Failure.of(cause).getDebugInfo().getString("name");
        boolean bus = cause instanceof ReplyException failure && failure.failureType() == ReplyFailure.TIMEOUT;
        return bus && name.equals("TIMEOUT") ? "untyped timeout" : name;
    }
}
