package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Loop;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A peer that reads slowly, or not at all. */
class MachineSocketWriteTest {

    /** More than the buffers of two sockets on loopback ever hold. */
    private static final int TEXTS = 48;

    private static final String LARGE = "x".repeat(TextMachine.MAX_TEXT_BYTES);

    @Test
    void aPeerThatDoesNotReadFillsTheQueueAndAReadEmptiesIt() {
        try (Dialled dialled = new Dialled()) {
            Future<Void> flushed = sendLarge(dialled);
            assertTrue(dialled.loop.call(dialled.socket()::writeQueueFull));
            assertTrue(dialled.loop.call(dialled.socket()::unwrittenBytes) > 0);
            assertTrue(!flushed.isComplete());
            for (int i = 0; i < TEXTS; i++) {
                assertEquals(LARGE, dialled.peer.read());
            }
            Loop.await(flushed);
            dialled.recorder.awaitDrained();
            assertEquals(0L, dialled.loop.<Long>call(dialled.socket()::unwrittenBytes));
            assertTrue(!dialled.loop.call(dialled.socket()::writeQueueFull));
        }
    }

    @Test
    void aFlushOfNothingIsTheFutureOfTheLastWrite() {
        try (Dialled dialled = new Dialled()) {
            Loop.await(dialled.loop.call(dialled.socket()::flush));
            Future<Void> large = sendLarge(dialled);
            Future<Void> nothing = dialled.loop.call(dialled.socket()::flush);
            assertTrue(!nothing.isComplete());
            for (int i = 0; i < TEXTS; i++) {
                dialled.peer.read();
            }
            Loop.await(large);
            Loop.await(nothing);
        }
    }

    @Test
    void aFlushFailsWhenThePeerResets() {
        try (Dialled dialled = new Dialled()) {
            Future<Void> flushed = sendLarge(dialled);
            dialled.peer.reset();
            dialled.loop.failure(() -> flushed);
            assertEquals(CallException.Reason.CONNECTION_LOST, MachineSocketTest.reason(dialled.recorder.closed()));
            Awaitility.await().until(() -> dialled.loop.<Long>call(dialled.socket()::unwrittenBytes) == 0);
        }
    }

    @Test
    void aPeerThatReadsIsToldEverythingBeforeWeClose() {
        try (Dialled dialled = new Dialled()) {
            sendLarge(dialled);
            dialled.loop.run(() -> {
                dialled.machine.send("last words");
                dialled.socket().close(new CallException(CallException.Reason.SHUTTING_DOWN, "enough"));
            });
            for (int i = 0; i < TEXTS; i++) {
                assertEquals(LARGE, dialled.peer.read());
            }
            assertEquals("last words", dialled.peer.read());
            assertEquals(-1, dialled.peer.readByte());
        }
    }

    @Test
    void aPeerThatNeverReadsIsDropped() {
        try (Dialled dialled = new Dialled()) {
            Future<Void> flushed = sendLarge(dialled);
            dialled.loop.run(
                    () -> dialled.socket().close(new CallException(CallException.Reason.OVERLOADED, "does not read")));
            assertEquals(CallException.Reason.OVERLOADED, MachineSocketTest.reason(dialled.recorder.closed()));
            dialled.loop.failure(() -> flushed);
            assertEquals(0L, dialled.loop.<Long>call(dialled.socket()::unwrittenBytes), "its output is let go");
            assertTrue(dialled.peer.readToEnd().length < (long) TEXTS * LARGE.length());
        }
    }

    private static Future<Void> sendLarge(Dialled dialled) {
        return dialled.loop.call(() -> {
            for (int i = 0; i < TEXTS; i++) {
                dialled.machine.send(LARGE);
            }
            return dialled.socket().flush();
        });
    }
}
