package dev.polywire.core.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.TextMachine;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** A machine whose events wait for something else than bytes. */
class MachineSocketProceedTest {

    @Test
    void eventsThatSomethingElseSetFree() {
        try (Dialled dialled = new Dialled()) {
            dialled.loop.run(() -> {
                dialled.machine.receive(TextMachine.frame("from inside"), 0);
                dialled.socket().proceed();
            });
            assertEquals("from inside", dialled.recorder.next());
        }
    }

    /** Also when there is no event in them, and behind the events when there is. */
    @Test
    void bytesAreHeardOf() {
        try (Dialled dialled = new Dialled()) {
            Buffer text = TextMachine.frame("two pieces");
            dialled.peer.write(text.getBuffer(0, 6));
            await().until(() -> dialled.recorder.reads() == 1);
            dialled.peer.write(text.getBuffer(6, text.length()));
            assertEquals("two pieces", dialled.recorder.next());
            await().until(() -> dialled.recorder.reads() == 2);
        }
    }
}
