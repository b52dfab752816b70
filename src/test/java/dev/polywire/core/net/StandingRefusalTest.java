package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.FORBIDDEN;
import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StandingRefusalTest {

    private static final CallException WRONG = new CallException(UNAUTHENTICATED, "wrong password");
    private static final CallException GONE = new CallException(UNAVAILABLE, "nobody there");

    private final ArrayDeque<Promise<String>> dials = new ArrayDeque<>();
    private long nowMillis = 1_000;
    private final StandingRefusal standing = new StandingRefusal(() -> 0L, () -> nowMillis);

    private Future<String> attempt() {
        return standing.attempt(() -> {
            Promise<String> dial = Promise.promise();
            dials.add(dial);
            return dial.future();
        });
    }

    private void refused() {
        Future<String> attempt = attempt();
        dials.remove().fail(WRONG);
        assertSame(WRONG, attempt.cause());
    }

    @Test
    void whileItStandsNobodyIsAsked() {
        assertNull(standing.now());
        refused();
        for (int i = 0; i < 1_000; i++) {
            assertSame(WRONG, attempt().cause());
        }
        assertEquals(0, dials.size());
        assertSame(WRONG, standing.now());
        assertEquals(30_000, standing.restMillis());
    }

    @Test
    void theDistanceGrowsToFiveMinutes() {
        List<Long> distances = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            refused();
            distances.add(standing.restMillis());
            nowMillis += standing.restMillis();
        }
        assertEquals(List.of(30_000L, 60_000L, 120_000L, 240_000L, 300_000L, 300_000L, 300_000L), distances);
    }

    /** Many connectors of one account do not come back together. */
    @Test
    void itIsUpToHalfLonger() {
        List<Long> distances = new ArrayList<>();
        for (int seed = 0; seed < 200; seed++) {
            StandingRefusal one = new StandingRefusal(new Random(seed), () -> nowMillis);
            one.attempt(() -> Future.failedFuture(WRONG));
            distances.add(one.restMillis());
        }
        assertTrue(distances.stream().allMatch(millis -> millis >= 30_000 && millis < 45_000), distances::toString);
        assertTrue(distances.stream().distinct().count() > 150, distances::toString);
    }

    /** Connections that are made at the same time with one login. */
    @Test
    void attemptsThatWereMadeTogetherCountOnce() {
        attempt();
        attempt();
        dials.remove().fail(WRONG);
        dials.remove().fail(WRONG);
        assertEquals(30_000, standing.restMillis());
        nowMillis += 30_000;
        refused();
        assertEquals(60_000, standing.restMillis());
    }

    /** One login after each distance, however many connections wait for it. */
    @Test
    void afterTheDistanceOneAttemptIsMadeForAll() {
        refused();
        nowMillis += 30_000;
        Future<String> first = attempt();
        Future<String> second = attempt();
        assertEquals(1, dials.size());
        dials.remove().fail(WRONG);
        assertSame(WRONG, first.cause());
        assertSame(WRONG, second.cause());

        nowMillis += 60_000;
        Future<String> third = attempt();
        Future<String> fourth = attempt();
        dials.remove().complete("up");
        assertEquals("up", third.result());
        assertFalse(fourth.isComplete());
        dials.remove().complete("up too");
        assertEquals("up too", fourth.result());
        assertNull(standing.now());
    }

    @Test
    void anotherFailureEndsIt() {
        refused();
        nowMillis += 30_000;
        attempt();
        dials.remove().fail(GONE);
        assertNull(standing.now());
        assertEquals(0, standing.restMillis());
        refused();
        assertEquals(60_000, standing.restMillis());
    }

    @Test
    void whoWasLetInForAWhileBeginsAnew() {
        refused();
        nowMillis += 30_000;
        attempt();
        dials.remove().complete("up");
        standing.ended(GONE);
        assertNull(standing.now());
        nowMillis += 30_000;
        refused();
        assertEquals(30_000, standing.restMillis());
    }

    /** With TLS 1.3 every attempt succeeds, and ends at once. */
    @Test
    void aRefusalBehindTheHandshakeIsOne() {
        List<Long> distances = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            attempt();
            dials.remove().complete("up");
            standing.ended(WRONG);
            assertSame(WRONG, standing.now());
            distances.add(standing.restMillis());
            nowMillis += standing.restMillis();
        }
        assertEquals(List.of(30_000L, 60_000L, 120_000L), distances);
    }

    @Test
    void aDialThatThrowsIsAnAttempt() {
        refused();
        nowMillis += 30_000;
        IllegalStateException bug = new IllegalStateException("bug");
        assertSame(
                bug,
                standing.attempt(() -> {
                            throw bug;
                        })
                        .cause());
        refused();
    }

    @Test
    void whatIsNoRefusal() {
        assertTrue(StandingRefusal.isRefusal(new CallException(FORBIDDEN, "not your virtual host")));
        assertFalse(StandingRefusal.isRefusal(GONE));
        assertFalse(StandingRefusal.isRefusal(null));
        assertFalse(StandingRefusal.isRefusal(new IllegalStateException(WRONG)));
    }
}
