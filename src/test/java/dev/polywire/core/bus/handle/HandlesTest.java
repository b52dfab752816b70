package dev.polywire.core.bus.handle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.serviceproxy.ServiceException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandlesTest {

    private static final long LEASE_MILLIS = 100;
    /** Longer than any test. */
    private static final long LONG_MILLIS = 600_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final List<String> lapsed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void idsCannotBeGuessed() {
        Handles<String> handles = handles(LONG_MILLIS, 100, 100);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String id = handles.add("", "value");
            assertTrue(id.matches("[0-9a-f]{32}"), id);
            ids.add(id);
        }
        assertEquals(100, ids.size());
    }

    @Test
    void aHandleIsThereUntilItIsRemoved() {
        Handles<String> handles = handles(LONG_MILLIS, 10, 10);
        String id = handles.add("", "value");
        assertEquals("value", handles.use(id));
        assertEquals("value", handles.remove(id));
        assertNull(handles.use(id));
        assertNull(handles.remove(id));
        assertEquals(0, handles.size());
    }

    @Test
    void limitsAreForAllAndForEachCaller() {
        Handles<String> handles = handles(LONG_MILLIS, 4, 2);
        String first = handles.add("ann", "1");
        handles.add("ann", "2");
        assertEquals("handles of this caller: 2 (expected: < 2)", overloaded(handles, "ann"));
        handles.add("bob", "3");
        handles.remove(first);
        handles.add("ann", "4");
        assertEquals("handles of this caller: 2 (expected: < 2)", overloaded(handles, "ann"));
        handles.add("", "5");
        assertEquals("handles: 4 (expected: < 4)", overloaded(handles, ""));
        assertEquals(Set.of("2", "3", "4", "5"), Set.copyOf(handles.removeAll()));
        handles.add("ann", "6");
        handles.add("ann", "7");
    }

    /** Somebody on the bus is not one caller: only the limit of all binds it. */
    @Test
    void whoHasNoNameHasNoLimitOfItsOwn() {
        Handles<String> handles = handles(LONG_MILLIS, 4, 2);
        for (int i = 0; i < 4; i++) {
            handles.add("", "value");
        }
        assertEquals("handles: 4 (expected: < 4)", overloaded(handles, ""));
    }

    @Test
    void aLapsedHandleIsReleasedAndCounted() {
        Handles<String> handles = onContext(() -> {
            Handles<String> made = handles(LEASE_MILLIS, 10, 1);
            made.add("ann", "value");
            return made;
        });
        await().until(() -> lapsed.equals(List.of("value")));
        onContext(() -> {
            assertEquals(0, handles.size());
            assertEquals(1, handles.lapsed());
            return handles.add("ann", "the next");
        });
    }

    /** The used one is there while two others, each opened after the last, lapse. */
    @Test
    void useRenewsTheLease() {
        Promise<Boolean> stillThere = Promise.promise();
        onContext(() -> {
            Handles<String> handles = handles(LEASE_MILLIS, 10, 10);
            String used = handles.add("", "used");
            handles.add("", "first");
            vertx.setPeriodic(LEASE_MILLIS / 10, tick -> {
                handles.use(used);
                if (lapsed.equals(List.of("first")) && handles.size() == 1) {
                    handles.add("", "second");
                } else if (lapsed.size() == 2) {
                    stillThere.tryComplete(handles.use(used) != null && !lapsed.contains("used"));
                }
            });
            return used;
        });
        assertTrue(Outcome.value(stillThere.future()));
        await().until(() -> lapsed.equals(List.of("first", "second")));
    }

    @Test
    void whoIsWaitedForDoesNotLapse() {
        Set<String> busy = new HashSet<>(Set.of("awaited"));
        onContext(() -> {
            Handles<String> handles = new Handles<>(vertx, LEASE_MILLIS, 10, 10, busy::contains, value -> {
                lapsed.add(value);
                if (value.equals("second")) {
                    busy.clear();
                }
            });
            handles.add("", "awaited");
            handles.add("", "first");
            vertx.setTimer(2 * LEASE_MILLIS, t -> handles.add("", "second"));
            return handles;
        });
        await().until(() -> lapsed.equals(List.of("first", "second", "awaited")));
    }

    @Test
    void aRemovedHandleDoesNotLapse() {
        onContext(() -> {
            Handles<String> handles = handles(LEASE_MILLIS, 10, 10);
            handles.remove(handles.add("", "removed"));
            return handles.add("", "left");
        });
        await().until(() -> lapsed.contains("left"));
        assertFalse(lapsed.contains("removed"));
    }

    private Handles<String> handles(long leaseMillis, int max, int maxPerCaller) {
        return new Handles<>(vertx, leaseMillis, max, maxPerCaller, value -> false, lapsed::add);
    }

    private <T> T onContext(java.util.function.Supplier<T> work) {
        return Outcome.on(context, () -> Future.succeededFuture(work.get()));
    }

    private static String overloaded(Handles<String> handles, String caller) {
        ServiceException refused = assertThrows(ServiceException.class, () -> handles.add(caller, "one more"));
        assertEquals(4429, refused.failureCode());
        return refused.getMessage();
    }
}
