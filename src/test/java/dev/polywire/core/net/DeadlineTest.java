package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Loop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final long FAR_MILLIS = 3_600_000;

    private final Loop loop = new Loop();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void tellsTheLastHolderAndThenTheOwner() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Deadline deadline = loop.call(() -> {
            Deadline soon = Deadline.after(loop.vertx(), 1, null, () -> {
                told.add("owner");
                over.complete(null);
            });
            soon.whenExpired(() -> told.add("queue"));
            soon.whenExpired(() -> told.add("connection"));
            return soon;
        });
        Loop.await(over);
        assertEquals(List.of("connection", "owner"), told);
        assertTrue(deadline.expired());
        assertEquals(0, deadline.remainingMillis());
    }

    @Test
    void theOwnerHearsEvenWhenTheHolderThrows() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.run(() -> {
            loop.vertx().getOrCreateContext().exceptionHandler(bug -> told.add(bug.getMessage()));
            Deadline.after(loop.vertx(), 1, null, () -> over.complete(null)).whenExpired(() -> {
                throw new IllegalStateException("holder");
            });
        });
        Loop.await(over);
    }

    @Test
    void whoComesTooLateIsToldAtOnce() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Deadline deadline = loop.call(() -> Deadline.after(loop.vertx(), 1, null, () -> over.complete(null)));
        Loop.await(over);
        loop.run(() -> deadline.whenExpired(() -> told.add("first")));
        loop.run(deadline::met); // what the owner does when it answers that time is over
        loop.run(() -> deadline.whenExpired(() -> told.add("second")));
        assertEquals(List.of("first", "second"), told, "nothing may be sent for a caller who has given up");
    }

    @Test
    void nobodyIsToldOnceItIsMet() {
        CompletableFuture<Void> later = new CompletableFuture<>();
        Deadline deadline = loop.call(() -> {
            Deadline soon = Deadline.after(loop.vertx(), 2, null, () -> told.add("owner"));
            soon.whenExpired(() -> told.add("before"));
            soon.met();
            soon.whenExpired(() -> told.add("after"));
            // A timer of the same loop that is due later fires later.
            loop.vertx().setTimer(20, t -> later.complete(null));
            return soon;
        });
        Loop.await(later);
        assertEquals(List.of(), told);
        assertFalse(deadline.expired());
    }

    @Test
    void whatIsLeftNeverGrows() {
        Deadline deadline = loop.call(() -> Deadline.after(loop.vertx(), FAR_MILLIS));
        long first = deadline.remainingMillis();
        assertTrue(first > FAR_MILLIS - 60_000 && first <= FAR_MILLIS, first + " ms");
        assertTrue(deadline.remainingMillis() <= first);
        loop.run(deadline::met);
    }
}
