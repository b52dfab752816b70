package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** What of the peer's waits in a machine: undecoded, cut, or of a content that is not whole. */
class AmqpHeldBytesTest {

    @Test
    void ofACutFrame() {
        AmqpClientMachine client = AmqpHostileTest.in(HostileAmqp.When.CONSUMING);
        client.receive(Vectors.bytes("08 0000"), 0);
        assertEquals(3, client.heldBytes());
        assertNull(client.nextEvent());
        assertEquals(3, client.heldBytes());
        client.receive(Vectors.bytes("00000000"), 0);
        assertEquals(7, client.heldBytes());
        client.receive(Vectors.bytes("ce"), 0);
        assertNull(client.nextEvent());
        assertEquals(0, client.heldBytes());
    }

    @Test
    void ofAnUnfinishedContent() {
        AmqpClientMachine client = AmqpHostileTest.in(HostileAmqp.When.CONSUMING);
        client.receive(
                Encoded.frame(1, new ContentMethod.Deliver("ct", 1, false, "", "rk"))
                        .appendBuffer(HostileAmqp.header(100))
                        .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("x".repeat(40)))),
                0);
        assertNull(client.nextEvent());
        assertEquals(40, client.heldBytes());
    }

    @Test
    void ofAServer() {
        AmqpServerMachine server = new AmqpServerMachine(new AmqpLimits(4_096, 1, 10_000, 10_000), FrameTap.NONE);
        server.receive(ProtocolHeader.V0_9_1.write().getBuffer(0, 5), 0);
        assertEquals(5, server.heldBytes());
        server.peerClosed(0);
        assertNull(server.nextEvent());
        assertEquals(5, server.heldBytes());
    }
}
