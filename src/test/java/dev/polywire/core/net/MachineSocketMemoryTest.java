package dev.polywire.core.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Bystander;
import dev.polywire.testing.TextMachine;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the account of a socket says while its messages come and go. */
class MachineSocketMemoryTest {

    private static final int KIBIBYTE = 1024;

    private static MemoryBudget budget(Dialled dialled) {
        return MemoryBudget.of(dialled.loop.vertx());
    }

    /** Whoever gets it counts it, and messages of half the limit would exceed it twice. */
    @Test
    void aMessageIsCountedNoLongerWhenItIsHandedOver() {
        List<Long> counted = new CopyOnWriteArrayList<>();
        try (Dialled dialled =
                new Dialled((self, event) -> counted.add(self.socket().account().bytes()))) {
            Buffer text = TextMachine.frame("x".repeat(900_000));
            dialled.peer.write(text.slice(0, 800_000));
            await().until(() -> budget(dialled).heldBytes() >= 800_000);
            dialled.peer.write(text.slice(800_000, text.length()));
            await().until(() -> counted.size() == 1);
            assertEquals(List.of(0L), counted);
        }
    }

    /** Once there is room again, a paused socket with little to say is read on: only so its end is noticed. */
    @Test
    void theEndOfAPausedSocketIsNoticedAfterPressure() {
        try (Dialled dialled = new Dialled()) {
            budget(dialled).limit(20 * KIBIBYTE);
            MemoryAccount other = dialled.loop.call(() -> budget(dialled).open("somebody else", Bystander.ONE));
            dialled.loop.run(dialled.socket()::pause);
            dialled.loop.run(() -> other.holds(12 * KIBIBYTE));
            dialled.peer.write(TextMachine.frame("x".repeat(100 * KIBIBYTE)).slice(0, 11 * KIBIBYTE));
            await().until(() -> !dialled.socket().account().mayRead());
            dialled.loop.run(() -> other.holds(0));
            dialled.peer.close();
            await().until(dialled.socket()::isDown);
        }
    }

    /** Nobody wants the rest of its message now: somebody else may go on. */
    @Test
    void aPausedSocketGivesUpItsTurn() {
        try (Dialled dialled = new Dialled()) {
            budget(dialled).limit(200 * KIBIBYTE);
            dialled.peer.write(TextMachine.frame("x".repeat(100 * KIBIBYTE)).slice(0, 90 * KIBIBYTE));
            await().until(() -> budget(dialled).heldBytes() >= 90 * KIBIBYTE);
            MemoryAccount other = dialled.loop.call(() -> budget(dialled).open("somebody else", Bystander.ONE));
            dialled.loop.run(() -> other.holds(120 * KIBIBYTE, false));
            dialled.peer.write(Buffer.buffer(new byte[8 * KIBIBYTE]));
            await().until(() -> budget(dialled).heldBytes() >= 218 * KIBIBYTE);
            dialled.loop.run(() -> other.holds(120 * KIBIBYTE, true));
            assertFalse(dialled.loop.call(other::mayRead));
            dialled.loop.run(dialled.socket()::pause);
            await().until(() -> dialled.loop.call(other::mayRead));
            assertTrue(dialled.socket().account().bytes() >= 98 * KIBIBYTE);
        }
    }
}
