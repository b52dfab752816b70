package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.testing.Vectors;
import org.junit.jupiter.api.Test;

/** What of the server's waits in a client. */
class BoltHeldBytesTest {

    @Test
    void ofAnAnswerThatIsNotWhole() {
        BoltClientMachine client =
                new BoltClientMachine(new BoltClientOptions("test", AuthToken.none()), FrameTap.NONE);
        client.start(0);
        client.receive(Vectors.bytes("0000"), 0);
        assertEquals(2, client.heldBytes());
    }
}
