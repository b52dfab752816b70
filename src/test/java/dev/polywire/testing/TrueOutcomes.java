package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What callers were told when a connection was cut: each outcome must be possible, and what the server did must agree. */
public final class TrueOutcomes {

    private final Set<String> done = ConcurrentHashMap.newKeySet();
    private final Set<String> notDone = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();

    /** A call that changes nothing. @return fails when its outcome is none of a cut */
    public Future<Void> read(Future<?> call) {
        return call.transform(ended -> ended.succeeded() || name(ended.cause()).equals("CONNECTION_LOST")
                ? Future.succeededFuture()
                : untrue("a read", ended.cause()));
    }

    /** A call that changes something. @param what the server then knows. @return as {@link #read} */
    public Future<Void> write(String what, Future<?> call) {
        return call.transform(ended -> {
            String outcome = ended.succeeded() ? "done" : name(ended.cause());
            switch (outcome) {
                case "done" -> done.add(what);
                case "CONNECTION_LOST" -> notDone.add(what);
                case "UNKNOWN_OUTCOME" -> {}
                default -> {
                    return untrue(what, ended.cause());
                }
            }
            return Future.succeededFuture();
        });
    }

    /** A call that changes something, of which any outcome may come: a failure says itself whether it may have been done. */
    public Future<Void> any(String what, Future<?> call) {
        sent.incrementAndGet();
        return call.transform(ended -> {
            Set<String> outcome = ended.succeeded() ? done : mayBeDone(ended.cause()) ? unknown : notDone;
            return outcome.add(what)
                    ? Future.succeededFuture()
                    : Future.failedFuture(new AssertionError(what + " has two outcomes"));
        });
    }

    /** Those of {@link #any}: done, not done, unknown. */
    public List<Integer> counts() {
        assertEquals(sent.get(), done.size() + notDone.size() + unknown.size(), "calls with an outcome");
        return List.of(done.size(), notDone.size(), unknown.size());
    }

    private static boolean mayBeDone(Throwable cause) {
        return Failure.of(cause).getDebugInfo().getBoolean("mayHaveExecuted");
    }

    /** When all has ended. @param executed what the server did */
    public void verify(Set<String> executed) {
        assertTrue(executed.containsAll(done), () -> "said to be done and not done: " + without(done, executed));
        Set<String> untrue = new TreeSet<>(notDone);
        untrue.retainAll(executed);
        assertEquals(Set.of(), untrue, "done, and said not to be");
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static Future<Void> untrue(String what, Throwable cause) {
        return Future.failedFuture(new AssertionError(what + " ended as " + name(cause) + ": " + cause.getMessage()));
    }

    private static String name(Throwable cause) {
        return Failure.of(cause).getDebugInfo().getString("name");
    }
}
