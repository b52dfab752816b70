package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static dev.polywire.bolt.wire.BoltStatesTest.written;
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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the peer's waits in a machine, and what it keeps alive. */
class BoltHeldBytesTest {

    private static final BoltVersion VERSION = BoltVersion.V1;

    static final class Program {

        public static void main(String[] arguments) {
            for (int readBytes : new int[] {1_000, 16_384, 65_536}) {
                HeldHeap.require(
                        "a message in reads of " + readBytes,
                        () -> unfinished(300_000, readBytes),
                        BoltServerMachine::heldBytes);
            }
            HeldHeap.require("requests that wait", BoltHeldBytesTest::pipelined, BoltServerMachine::heldBytes);
        }
    }

    @Test
    void ofAnAnswerThatIsNotWhole() {
        BoltClientMachine client =
                new BoltClientMachine(new BoltClientOptions("test", AuthToken.none()), FrameTap.NONE);
        client.start(0);
        client.receive(Vectors.bytes("0000"), 0);
        assertEquals(2, client.heldBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 16_384, 65_536})
    void ofAMessageThatIsNotWholeItIsAboutItsBytes(int readBytes) {
        long held = unfinished(600_000, readBytes).heldBytes();
        assertTrue(held > 600_000 - readBytes - 100 && held < 1.25 * 600_000, held + " bytes");
    }

    /** Each is a small part of the read, which may be collected. */
    @Test
    void ofRequestsThatWaitIsTheirOwnBytes() {
        BoltServerMachine server = ready();
        Buffer large = written(VERSION, run("x".repeat(50_000)));
        Buffer small = written(VERSION, BoltRequest.Pull.ALL);
        server.receive(large.appendBuffer(small).appendBuffer(small), 0);
        assertInstanceOf(BoltServerEvent.Request.class, server.nextEvent());
        assertNull(server.nextEvent());
        assertEquals(2 * (small.length() - 4), server.heldBytes());
    }

    @Test
    void ofALargeRequestThatWaitsIsItsReadOnce() {
        BoltServerMachine server = ready();
        Buffer read = written(VERSION, run("a")).appendBuffer(written(VERSION, run("x".repeat(5_000))));
        read.appendBuffer(written(VERSION, run("y".repeat(5_000))));
        server.receive(read, 0);
        assertInstanceOf(BoltServerEvent.Request.class, server.nextEvent());
        assertNull(server.nextEvent());
        assertEquals(read.length(), server.heldBytes());
    }

    @Test
    void isWhatTheHeapHas() {
        SmallJvm.run(Program.class).requireClean();
    }

    @Test
    void aMessageAboveTheCapIsTooLongAsSoonAsItIsKnown() {
        BoltServerMachine server = new BoltServerMachine(Conversation.serverOptions(), FrameTap.NONE);
        server.limitMessage(50_000);
        server.start(0);
        server.receive(Vectors.bytes("6060b01700000001000000000000000000000000"), 0);
        server.receive(written(VERSION, new BoltRequest.Init("test", AuthToken.none())), 0);
        BoltServerEvent.Request init = assertInstanceOf(BoltServerEvent.Request.class, server.nextEvent());
        server.success(init.number(), Map.of());
        server.receive(Vectors.bytes("9c40").appendBytes(new byte[40_000]), 0);
        assertNull(server.nextEvent());
        server.receive(Vectors.bytes("2711"), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, server::nextEvent);
        assertEquals("message: 50001 bytes (expected: <= 50000)", tooLong.getMessage());
        assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
    }

    private static BoltServerMachine ready() {
        return Conversation.ready(VERSION).server;
    }

    private static BoltServerMachine unfinished(int bytes, int readBytes) {
        BoltServerMachine server = ready();
        MessageWriter writer = new MessageWriter(ValueDialect.of(VERSION), 1 << 20);
        writer.write(run("x".repeat(bytes))::write, null);
        Buffer message = writer.take();
        for (int at = 0; at + readBytes < message.length(); at += readBytes) {
            server.receive(message.getBuffer(at, at + readBytes), 0);
            server.nextEvent();
        }
        return server;
    }

    /** One in progress, 900 in their arrays, one in its read, and what is no request yet. */
    private static BoltServerMachine pipelined() {
        BoltServerMachine server = ready();
        Buffer read = written(VERSION, run("a"));
        for (int i = 0; i < 100; i++) {
            read.appendBuffer(written(VERSION, run("x".repeat(600))));
        }
        server.receive(read, 0);
        server.receive(
                written(VERSION, run("y".repeat(30_000))).appendBuffer(written(VERSION, run("z".repeat(30_000)))), 0);
        server.receive(written(VERSION, run("z".repeat(60_000))).getBuffer(0, 30_000), 0);
        while (server.nextEvent() != null) {}
        return server;
    }
}
