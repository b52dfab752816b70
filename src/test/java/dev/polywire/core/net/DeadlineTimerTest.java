package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Loop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineTimerTest {

    private static final int MANY = 200;
    private static final int MOST_MILLIS = 150;

    private final Loop loop = new Loop();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void theEarliestIsToldFirstAndNoneThatWasMet() {
        List<Long> told = new ArrayList<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.run(() -> {
            Random random = new Random(1);
            List<Deadline> met = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                long millis = 1 + random.nextInt(MOST_MILLIS);
                Deadline[] own = new Deadline[1];
                own[0] = Deadline.after(loop.vertx(), millis, null, () -> {
                    assertEquals(0, own[0].remainingMillis(), "too early");
                    told.add(own[0].atMillis);
                    if (told.size() == MANY) {
                        over.complete(null);
                    }
                });
                met.add(Deadline.after(loop.vertx(), millis, null, () -> told.add(-1L)));
            }
            Collections.shuffle(met, random);
            met.forEach(Deadline::met);
            met.forEach(Deadline::met);
        });
        Loop.await(over);
        assertEquals(told.stream().sorted().toList(), told);
        assertEquals(MANY, told.size());
    }

    @Test
    void oneThatThrowsDoesNotKeepTheOthersFromExpiring() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.run(() -> {
            loop.vertx().getOrCreateContext().exceptionHandler(bug -> {});
            for (int i = 0; i < 3; i++) {
                Deadline.after(loop.vertx(), 1).whenExpired(() -> {
                    throw new IllegalStateException("a holder");
                });
            }
            Deadline.after(loop.vertx(), 2, null, () -> over.complete(null));
        });
        Loop.await(over);
    }

    @Test
    void onesThatAreMadeLaterMayBeEarlier() {
        List<String> told = new ArrayList<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.run(() -> {
            Deadline far = Deadline.after(loop.vertx(), 3_600_000, null, () -> told.add("far"));
            Deadline.after(loop.vertx(), 1, null, () -> {
                told.add("first");
                far.met();
                Deadline.after(loop.vertx(), 1, null, () -> over.complete(null));
            });
        });
        Loop.await(over);
        assertEquals(List.of("first"), told);
    }
}
