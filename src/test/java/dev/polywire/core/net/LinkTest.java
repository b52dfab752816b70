package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkTest {

    private static final CallException REFUSED = new CallException(UNAVAILABLE, "refused");
    private static final CallException BROKEN = new CallException(CONNECTION_LOST, "broken");

    private final Loop loop = new Loop();
    private final BlockingQueue<Promise<Fake>> dials = new LinkedBlockingQueue<>();
    private final List<String> states = new ArrayList<>();
    private Link.Listener also = (state, cause) -> {};
    private final Link<Fake> link = new Link<>(loop.vertx(), this::dial, new Backoff(() -> 0L), (state, cause) -> {
        states.add(state + (cause == null ? "" : " " + cause.getMessage()));
        also.state(state, cause);
    });

    /** A connection that breaks when the test says so. */
    private static final class Fake implements Link.Breakable {

        private RuntimeException closed;
        private Handler<RuntimeException> handler;

        @Override
        public void closeHandler(Handler<RuntimeException> handler) {
            this.handler = handler;
            if (closed != null) {
                handler.handle(closed);
            }
        }

        @Override
        public void close(RuntimeException cause) {
            if (closed == null) {
                closed = cause;
                if (handler != null) {
                    handler.handle(cause);
                }
            }
        }
    }

    private Future<Fake> dial() {
        Promise<Fake> dialled = Promise.promise();
        dials.add(dialled);
        return dialled.future();
    }

    private Promise<Fake> nextDial() {
        try {
            Promise<Fake> dial = dials.poll(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(dial != null, "nobody dials");
            return dial;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Completes the next attempt. */
    private Fake comesUp() {
        Promise<Fake> dial = nextDial();
        Fake up = new Fake();
        loop.run(() -> dial.complete(up));
        return up;
    }

    private void isRefused() {
        Promise<Fake> dial = nextDial();
        loop.run(() -> dial.fail(REFUSED));
    }

    /** No timer of this link is due: a millisecond of back-off would have passed. */
    private void nobodyDialsAgain() {
        loop.join(() -> Future.future(later -> loop.vertx().setTimer(20, t -> later.complete())));
        assertEquals(0, dials.size());
    }

    @AfterEach
    void close() {
        loop.run(link::close);
        loop.close();
    }

    @Test
    void comesUpAndServesWhoWaited() {
        Future<Void> started = loop.call(link::start);
        Future<Fake> waiter = loop.call(() -> link.ready(Deadline.after(loop.vertx(), 60_000)));
        assertNull(loop.call(() -> link.now()));
        Fake up = comesUp();
        Loop.await(started);
        assertSame(up, Loop.await(waiter));
        assertSame(up, loop.join(() -> link.ready(Deadline.after(loop.vertx(), 60_000))));
        assertSame(up, loop.call(link::now));
        assertEquals(List.of("CONNECTING", "READY"), states);
    }

    @Test
    void aRefusedAttemptIsTriedAgain() {
        Future<Void> started = loop.call(link::start);
        Future<Fake> waiter = loop.call(() -> link.ready(Deadline.after(loop.vertx(), 60_000)));
        isRefused();
        assertSame(REFUSED, loop.failure(() -> started));
        isRefused();
        Fake up = comesUp();
        assertSame(up, Loop.await(waiter));
        assertEquals(List.of("CONNECTING", "CONNECTING refused", "CONNECTING refused", "READY"), states);
    }

    @Test
    void aBrokenConnectionComesBack() {
        loop.call(link::start);
        Fake first = comesUp();
        loop.run(() -> first.close(BROKEN));
        assertNull(loop.call(link::now));
        Future<Fake> waiter = loop.call(() -> link.ready(Deadline.after(loop.vertx(), 60_000)));
        isRefused();
        Fake second = comesUp();
        assertSame(second, Loop.await(waiter));
        assertEquals(List.of("CONNECTING", "READY", "RECOVERING broken", "RECOVERING refused", "READY"), states);
    }

    @Test
    void aConnectionThatBreaksAsItComesUpIsNoConnection() {
        loop.call(link::start);
        Future<Fake> waiter = loop.call(() -> link.ready(Deadline.after(loop.vertx(), 60_000)));
        Promise<Fake> dial = nextDial();
        Fake dead = new Fake();
        dead.close(BROKEN);
        loop.run(() -> dial.complete(dead));
        assertTrue(!waiter.isComplete());
        assertSame(comesUp(), Loop.await(waiter));
        assertEquals(List.of("CONNECTING", "RECOVERING broken", "READY"), states);
    }

    @Test
    void oneAttemptAtATime() {
        loop.call(link::start);
        for (int round = 0; round < 20; round++) {
            Promise<Fake> dial = nextDial();
            assertEquals(0, dials.size(), "round " + round);
            Fake up = new Fake();
            boolean refused = round % 2 == 0;
            loop.run(() -> {
                if (refused) {
                    dial.fail(REFUSED);
                } else {
                    dial.complete(up);
                    up.close(BROKEN);
                    up.close(BROKEN);
                }
            });
        }
        nextDial();
        nobodyDialsAgain();
    }

    @Test
    void whoWaitsInVainFailsAtItsDeadlineAndIsNotServedLater() {
        loop.call(link::start);
        isRefused();
        Promise<Fake> dial = nextDial();
        Throwable failure = loop.failure(() -> link.ready(Deadline.after(loop.vertx(), 2)));
        assertEquals(UNAVAILABLE, MachineSocketTest.reason(failure));
        assertEquals("no connection by the deadline: refused", failure.getMessage());
        assertSame(REFUSED, failure.getCause());
        Future<Fake> patient = loop.call(() -> link.ready(Deadline.after(loop.vertx(), 60_000)));
        Fake up = new Fake();
        loop.run(() -> dial.complete(up));
        assertSame(up, Loop.await(patient));
    }

    @Test
    void whoseTimeWasOverBeforeItAskedFailsAtOnce() {
        loop.call(link::start);
        Promise<Void> over = Promise.promise();
        Deadline deadline = loop.call(() -> Deadline.after(loop.vertx(), 1, null, over::complete));
        Loop.await(over.future());
        Throwable failure = loop.failure(() -> link.ready(deadline));
        assertEquals("no connection by the deadline: still connecting", failure.getMessage());
    }

    @Test
    void closingFailsWhoWaitsAndClosesTheConnection() {
        loop.call(link::start);
        Future<Fake> waiter = loop.call(() -> link.ready(Deadline.after(loop.vertx(), 60_000)));
        loop.run(link::close);
        assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(loop.failure(() -> waiter)));
        assertEquals(
                SHUTTING_DOWN,
                MachineSocketTest.reason(loop.failure(() -> link.ready(Deadline.after(loop.vertx(), 60_000)))));
        assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(loop.failure(link::start)));
    }

    @Test
    void closingClosesTheConnectionAndDialsNoMore() {
        loop.call(link::start);
        Fake up = comesUp();
        loop.run(link::close);
        loop.run(link::close);
        assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(up.closed));
        assertNull(loop.call(link::now));
        assertEquals(Link.State.CLOSED, loop.call(link::state));
        nobodyDialsAgain();
        assertEquals(List.of("CONNECTING", "READY", "CLOSED"), states);
    }

    @Test
    void whatComesUpAfterTheCloseIsClosed() {
        Future<Void> started = loop.call(link::start);
        Promise<Fake> dial = nextDial();
        loop.run(link::close);
        Fake late = new Fake();
        loop.run(() -> dial.complete(late));
        assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(late.closed));
        assertEquals(SHUTTING_DOWN, MachineSocketTest.reason(loop.failure(() -> started)));
        assertNull(loop.call(link::now));
        assertEquals(List.of("CONNECTING", "CLOSED"), states);
    }

    @Test
    void whatFailsAfterTheCloseIsNotTriedAgain() {
        loop.call(link::start);
        Promise<Fake> dial = nextDial();
        loop.run(link::close);
        loop.run(() -> dial.fail(REFUSED));
        nobodyDialsAgain();
        assertEquals(List.of("CONNECTING", "CLOSED"), states);
    }

    @Test
    void closingBetweenTwoAttemptsCancelsTheNext() {
        loop.call(link::start);
        Promise<Fake> dial = nextDial();
        loop.run(() -> {
            dial.fail(REFUSED);
            link.close();
        });
        nobodyDialsAgain();
    }

    @Test
    void aListenerMayCloseTheLinkWhenItHearsOfAFailure() {
        also = (state, cause) -> {
            if (cause != null) {
                link.close();
            }
        };
        loop.call(link::start);
        Fake up = comesUp();
        loop.run(() -> up.close(BROKEN));
        nobodyDialsAgain();
        assertEquals(List.of("CONNECTING", "READY", "RECOVERING broken", "CLOSED"), states);
    }

    @Test
    void aDialThatThrowsIsTriedAgain() {
        int[] attempts = {0};
        Link<Fake> clumsy = new Link<>(
                loop.vertx(),
                () -> {
                    if (attempts[0]++ == 0) {
                        throw new IllegalStateException("no such file");
                    }
                    return dial();
                },
                new Backoff(() -> 0L),
                (state, cause) -> {});
        Throwable first = loop.failure(clumsy::start);
        assertEquals("no such file", first.getMessage());
        Fake up = comesUp();
        assertSame(up, loop.join(() -> clumsy.ready(Deadline.after(loop.vertx(), 60_000))));
        loop.run(clumsy::close);
    }

    private static CallException wrongPassword() {
        return new CallException(CallException.Reason.UNAUTHENTICATED, "wrong password");
    }

    /** @param clock of the distance between attempts that are refused */
    private Link<Fake> link(LongSupplier clock) {
        return new Link<>(
                loop.vertx(),
                this::dial,
                new Backoff(() -> 0L),
                new StandingRefusal(() -> 0L, clock),
                (state, cause) -> states.add(state + (cause == null ? "" : " " + cause.getMessage())));
    }

    /** F07: who waits for a login that is refused waits in vain. */
    @Test
    void aRefusedLoginFailsCallsAtOnceUntilTheNextAttempt() {
        CallException wrong = wrongPassword();
        Link<Fake> refused = link(() -> 0L);
        loop.call(refused::start);
        Future<Fake> waiter = loop.call(() -> refused.ready(Deadline.after(loop.vertx(), 60_000)));
        Promise<Fake> dial = nextDial();
        // The attempt after it is due at once.
        loop.run(() -> {
            dial.fail(wrong);
            assertSame(wrong, refused.refusal());
        });
        assertSame(wrong, loop.failure(() -> waiter));
        assertSame(wrong, loop.failure(() -> refused.ready(Deadline.after(loop.vertx(), 60_000))));
        assertEquals(List.of("CONNECTING", "CONNECTING wrong password"), states);
        nobodyDialsAgain();
        loop.run(refused::close);
        assertEquals(
                SHUTTING_DOWN,
                ((CallException) loop.failure(() -> refused.ready(Deadline.after(loop.vertx(), 60_000)))).reason());
    }

    @Test
    void afterARefusalItIsTriedAgain() {
        CallException wrong = wrongPassword();
        AtomicLong nowMillis = new AtomicLong();
        // By this clock the distance is over as soon as it is set.
        Link<Fake> refused = link(() -> nowMillis.getAndAdd(StandingRefusal.FIRST_MILLIS));
        loop.call(refused::start);
        Promise<Fake> first = nextDial();
        loop.run(() -> first.fail(wrong));
        Promise<Fake> second = nextDial();
        Fake up = new Fake();
        loop.run(() -> second.complete(up));
        assertSame(up, loop.join(() -> refused.ready(Deadline.after(loop.vertx(), 60_000))));
        loop.run(() -> up.close(wrong));
        assertSame(wrong, loop.call(refused::refusal), "one that is told behind the handshake");
        loop.run(refused::close);
    }
}
