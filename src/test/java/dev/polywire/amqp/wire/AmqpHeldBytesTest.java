package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.HeldHeap;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the peer's waits in a machine: undecoded, cut, or of a content that is not whole. */
class AmqpHeldBytesTest {

    private static final AmqpLimits LIMITS = new AmqpLimits(131_072, 1, 1_000_000, 1_000_000);
    private static final ContentMethod.Publish PUBLISH = new ContentMethod.Publish("", "rk", false, false);

    static final class Program {

        public static void main(String[] arguments) {
            for (int readBytes : new int[] {500, 4_096, 16_384, 65_536}) {
                HeldHeap.require("reads of " + readBytes, () -> unfinished(readBytes), AmqpServerMachine::heldBytes);
            }
        }
    }

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

    /** Has 40 bytes of a body of 100. */
    private static AmqpClientMachine unfinishedContent() {
        AmqpClientMachine client = AmqpHostileTest.in(HostileAmqp.When.CONSUMING);
        client.receive(
                Encoded.frame(1, new ContentMethod.Deliver("ct", 1, false, "", "rk"))
                        .appendBuffer(HostileAmqp.header(100))
                        .appendBuffer(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("x".repeat(40)))),
                0);
        assertNull(client.nextEvent());
        return client;
    }

    @Test
    void ofAnUnfinishedContent() {
        AmqpClientMachine client = unfinishedContent();
        assertEquals(64, client.heldBytes());
        client.receive(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("x".repeat(60))), 0);
        assertInstanceOf(AmqpEvent.Delivery.class, client.nextEvent());
        assertNull(client.nextEvent());
        assertEquals(0, client.heldBytes());
    }

    @Test
    void ofAChannelThatIsClosed() {
        AmqpClientMachine client = unfinishedContent();
        client.closeChannel(1, 200, "");
        assertEquals(0, client.heldBytes());
        client.receive(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer("x".repeat(60))), 0);
        assertNull(client.nextEvent());
        client.receive(Encoded.frame(1, new ChannelMethod.CloseOk()), 0);
        assertInstanceOf(AmqpEvent.ChannelClosed.class, client.nextEvent());
    }

    /** A frame-max of our own is larger; it is negotiated, and stays. */
    @Test
    void aContentAboveTheCapIsLimit() {
        AmqpServerMachine server = new AmqpServerMachine(LIMITS, FrameTap.NONE);
        server.limitMessage(99);
        server.receive(ProtocolHeader.V0_9_1.write(), 0);
        server.receive(Encoded.frame(1, PUBLISH).appendBuffer(HostileAmqp.header(99)), 0);
        server.receive(Encoded.frame(FrameReader.BODY, 1, Buffer.buffer(new byte[99])), 0);
        assertInstanceOf(AmqpServerEvent.Header.class, server.nextEvent());
        assertInstanceOf(AmqpServerEvent.Method.class, server.nextEvent());
        server.receive(Encoded.frame(1, PUBLISH).appendBuffer(HostileAmqp.header(100)), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, server::nextEvent);
        assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
        assertEquals("body size: 100 (expected: <= 99)", tooLong.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 4_096, 16_384, 65_536})
    void ofAContentThatIsNotWholeItIsAboutItsBytes(int readBytes) {
        long held = unfinished(readBytes).heldBytes();
        assertTrue(held > 540_000 && held < 1.25 * 600_000, held + " bytes");
    }

    @Test
    void isWhatTheHeapHas() {
        SmallJvm.run(Program.class).requireClean();
    }

    /** A message of 600,000 bytes without its last 50,000, in frames of 4,096 or 131,072. */
    private static AmqpServerMachine unfinished(int readBytes) {
        AmqpServerMachine server = new AmqpServerMachine(LIMITS, FrameTap.NONE);
        AmqpServerMachine peer = new AmqpServerMachine(LIMITS, FrameTap.NONE);
        peer.limit(readBytes < 16_384 ? 4_096 : 131_072);
        peer.send(1, PUBLISH, new Content(Buffer.buffer(new byte[600_000])));
        Buffer sent = ProtocolHeader.V0_9_1.write();
        for (Buffer next = peer.takeOutput(); next != null; next = peer.takeOutput()) {
            sent.appendBuffer(next);
        }
        for (int at = 0; at < 550_000; at += readBytes) {
            server.receive(sent.getBuffer(at, Math.min(550_000, at + readBytes)), 0);
            while (server.nextEvent() != null) {}
        }
        return server;
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
