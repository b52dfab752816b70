package dev.polywire.core.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading stops and goes on: because a turn is over, because the listener says so, or because the peer is gone. */
class MachineSocketPauseTest {

    @Test
    void othersOnTheLoopGetTheirTurnBetweenEvents() {
        int count = 200_000;
        AtomicInteger given = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        boolean[] waits = {false};
        try (Dialled dialled = new Dialled((self, event) -> {
            int before = given.getAndIncrement();
            if (!waits[0]) {
                waits[0] = true;
                Vertx.currentContext().runOnContext(v -> {
                    waits[0] = false;
                    most.accumulateAndGet(given.get() - before, Math::max);
                });
            }
        })) {
            dialled.peer.send(IntStream.range(0, count).mapToObj(i -> "").toArray(String[]::new));
            dialled.peer.close();
            dialled.recorder.closed();
            dialled.loop.run(() -> {});
        }
        // A turn ends with the first read that has too many; before it the system may give a few small ones.
        assertTrue(most.get() > 0 && most.get() <= 16 * MachineSocket.EVENTS_A_TURN, most + " events in one turn");
    }

    @Test
    void otherSocketsAreReadBetweenTheTurnsOfALongRead() {
        int count = 60_000;
        int hold = 4 * MachineSocket.EVENTS_A_TURN;
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger given = new AtomicInteger();
        AtomicInteger givenBefore = new AtomicInteger(-1);
        try (Dialled flooded = new Dialled((self, event) -> {
                    if (given.incrementAndGet() == hold) {
                        held.countDown();
                        hold(asked);
                    }
                });
                RawPeer.Door door = new RawPeer.Door()) {
            Dialer dialer = new Dialer(flooded.loop.vertx(), door.endpoint(), "text", Spi.NONE);
            Recorder other = new Recorder(event -> givenBefore.set(given.get()));
            flooded.loop.join(() -> TextConnection.dial(dialer, new TextMachine(), other));
            RawPeer healthy = door.accept();
            flooded.peer.send(IntStream.range(0, count).mapToObj(i -> "").toArray(String[]::new));
            hold(held);
            healthy.send("hello");
            asked.countDown();
            assertEquals("hello", other.next());
            flooded.peer.close();
            flooded.recorder.closed();
            assertEquals(count, given.get());
        }
        int between = givenBefore.get() - hold;
        int most = (LoopTurns.TURNS_A_LOOK + 16) * MachineSocket.EVENTS_A_TURN;
        assertTrue(between >= 0 && between <= most, between + " events came first (expected: <= " + most + ")");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 20_000})
    void theEndOfTheStreamComesBehindAllItsEvents(int count) {
        try (Dialled dialled = new Dialled()) {
            dialled.peer.send(numbered(count));
            dialled.peer.close();
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
            assertEquals(List.of(numbered(count)), dialled.recorder.events());
        }
    }

    @Test
    void theEndOfTheStreamWaitsWhileATurnIsOver() {
        // Reads of 2, 32 and 64 KiB that are full to the last byte, so that the read behind them, which finds the end,
        // is of the same turn of the event loop; each of its turns hands out 256 of the events.
        int count = (2 + 32 + 64) * 1024 / TextMachine.frame("").length();
        AtomicInteger given = new AtomicInteger();
        CountDownLatch sent = new CountDownLatch(1);
        try (Dialled dialled = new Dialled((self, event) -> given.incrementAndGet())) {
            dialled.loop.post(() -> hold(sent));
            dialled.peer.send(IntStream.range(0, count).mapToObj(i -> "").toArray(String[]::new));
            dialled.peer.close();
            sent.countDown();
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
            assertEquals(count, given.get());
        }
    }

    private static void hold(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aPausedListenerIsGivenNothingUntilItResumes() {
        try (Dialled dialled = new Dialled((self, event) -> self.socket().pause())) {
            dialled.peer.send("1", "2", "3");
            dialled.peer.close();
            assertEquals("1", dialled.recorder.next());
            for (String text : List.of("2", "3")) {
                assertEquals(List.of(), dialled.recorder.events());
                assertTrue(!dialled.recorder.isClosed(), "the end comes in its order");
                dialled.loop.run(dialled.socket()::resume);
                assertEquals(text, dialled.recorder.next());
            }
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
        }
    }

    @Test
    void whoHasReadAllHearsTheEndAlthoughPaused() {
        try (Dialled dialled = new Dialled((self, event) -> {})) {
            dialled.peer.send("1");
            assertEquals("1", dialled.recorder.next());
            dialled.loop.run(dialled.socket()::pause);
            dialled.peer.close();
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
            assertTrue(dialled.loop.call(dialled.socket()::isDown));
        }
    }

    @Test
    void halfAFrameBeforeTheEndIsFoundWhenItsTurnComes() {
        try (Dialled dialled = new Dialled((self, event) -> self.socket().pause())) {
            dialled.peer.send("1");
            dialled.peer.write(TextMachine.frame("half").slice(0, 6));
            dialled.peer.close();
            assertEquals("1", dialled.recorder.next());
            assertTrue(!dialled.recorder.isClosed());
            dialled.loop.run(dialled.socket()::resume);
            assertInstanceOf(ProtocolException.class, dialled.recorder.closed());
            assertEquals(List.of(), dialled.recorder.events());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3000", "7, 20000", "256, 60000", "300, 60000"})
    void pausingAgainAndAgainLosesNothing(int every, int count) {
        int[] given = {0};
        try (Dialled dialled = new Dialled((self, event) -> {
            if (++given[0] % every == 0) {
                self.socket().pause();
                Vertx.currentContext().runOnContext(v -> self.socket().resume());
            }
        })) {
            dialled.peer.send(numbered(count));
            dialled.peer.close();
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
            assertEquals(List.of(numbered(count)), dialled.recorder.events());
        }
    }

    @Test
    void resumingInsideAnEventNeitherLosesNorRecurses() {
        int[] depth = {0};
        List<Integer> depths = new CopyOnWriteArrayList<>();
        try (Dialled dialled = new Dialled((self, event) -> {
            depths.add(++depth[0]);
            self.socket().pause();
            self.socket().resume();
            self.socket().resume();
            depth[0]--;
        })) {
            dialled.peer.send(numbered(5_000));
            dialled.peer.close();
            dialled.recorder.closed();
            assertEquals(List.of(numbered(5_000)), dialled.recorder.events());
            assertTrue(depths.stream().allMatch(d -> d == 1));
        }
    }

    @Test
    void pauseHoldsAgainstAResumeThatWasUnderWay() {
        try (Dialled dialled = new Dialled((self, event) -> self.socket().pause())) {
            dialled.peer.send("1", "2", "3");
            assertEquals("1", dialled.recorder.next());
            dialled.loop.run(() -> {
                dialled.socket().resume();
                dialled.socket().pause();
            });
            dialled.loop.run(() -> {});
            assertEquals(List.of(), dialled.recorder.events());
            dialled.loop.run(() -> {
                dialled.socket().resume();
                dialled.socket().pause();
                dialled.socket().resume();
            });
            assertEquals("2", dialled.recorder.next());
        }
    }

    @Test
    void aPausedListenerStillWrites() {
        try (Dialled dialled = new Dialled()) {
            dialled.loop.run(dialled.socket()::pause);
            dialled.send("out");
            assertEquals("out", dialled.peer.read());
        }
    }

    @Test
    void aResetIsHeardAtOnceByWhoHasReadAllAlthoughPaused() {
        try (Dialled dialled = new Dialled((self, event) -> self.socket().pause())) {
            dialled.peer.send("1");
            assertEquals("1", dialled.recorder.next());
            dialled.loop.run(() -> {
                dialled.socket().resume();
                dialled.socket().pause();
            });
            dialled.peer.reset();
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
        }
    }

    @Test
    void whatAPeerSendsToAPausedListenerStaysInTheKernel() {
        AtomicInteger read = new AtomicInteger();
        try (Dialled dialled = new Dialled((self, event) -> {
            self.socket().pause();
            read.incrementAndGet();
        })) {
            dialled.peer.send("1");
            assertEquals("1", dialled.recorder.next());
            // More than both ends of a loopback socket keep: what is left over is not taken from the peer.
            Thread sending = new Thread(() -> {
                try {
                    dialled.peer.write(Buffer.buffer(new byte[32 * 1024 * 1024]));
                } catch (RuntimeException closed) {
                    return;
                }
            });
            sending.start();
            await().until(() -> dialled.loop.<Long>call(dialled.machine::heldBytes) > 0);
            for (int turn = 0; turn < 100; turn++) {
                dialled.loop.run(() -> {});
            }
            long heldBytes = dialled.loop.<Long>call(dialled.machine::heldBytes);
            assertTrue(heldBytes <= 128 * 1024, () -> heldBytes + " bytes");
            assertTrue(sending.isAlive(), "the rest waits at the peer");
            assertEquals(1, read.get());
        }
    }

    @Test
    void whoPausedBecauseItCouldNotWriteHearsThatThePeerIsGone() throws Exception {
        CompletableFuture<Void> full = new CompletableFuture<>();
        try (Dialled dialled = new Dialled((self, event) -> {
            self.machine.send("x".repeat(100_000));
            self.socket().flush();
            if (self.socket().writeQueueFull()) {
                self.socket().pause();
                full.complete(null);
            }
        })) {
            dialled.recorder.onDrained(dialled.socket()::resume);
            List<Integer> written = new ArrayList<>();
            Thread asking = new Thread(() -> {
                try {
                    for (int i = 0; i < 1_000_000; i++) {
                        dialled.peer.send("a request of some length, " + i);
                        written.add(i);
                    }
                } catch (RuntimeException reset) {
                    return;
                }
            });
            asking.start();
            Loop.await(full);
            dialled.peer.reset();
            RuntimeException cause = dialled.recorder.closed();
            // The request that the reset cut in two may be heard of before the reset is.
            if (!String.valueOf(cause.getMessage()).startsWith("text: truncated by the peer")) {
                assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(cause));
            }
            asking.join();
        }
    }

    private static String[] numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toArray(String[]::new);
    }
}
