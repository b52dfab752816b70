package dev.polywire.framed.wire;

import static dev.polywire.framed.wire.Framed.machine;
import static dev.polywire.framed.wire.Framed.messages;
import static dev.polywire.framed.wire.Framed.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramedMachineTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MIB = 1024 * 1024;

    @Test
    void clientAgainstServer() {
        FramedMachine client = machine();
        FramedMachine server = machine();
        Random random = new Random(4);
        List<Buffer> sent = new ArrayList<>();
        List<Buffer> arrived = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] payload = new byte[random.nextInt(i % 100 == 0 ? 20_000 : 20)];
            random.nextBytes(payload);
            sent.add(Buffer.buffer(payload));
            client.send(Buffer.buffer(payload));
            if (random.nextBoolean()) {
                arrived.addAll(exchange(client, server, random));
            }
        }
        arrived.addAll(exchange(client, server, random));
        assertEquals(sent, arrived);
    }

    /** What the client has to say arrives at the server in pieces, and comes back. */
    private static List<Buffer> exchange(FramedMachine client, FramedMachine server, Random random) {
        messages(server, Framed.pieces(output(client), 10_000, random)).forEach(server::send);
        return messages(client, Framed.pieces(output(server), 10_000, random));
    }

    /** S01, S02, C3-2 */
    @Test
    void theFourthByteDecides() {
        FramedMachine machine = machine(16 * MIB);
        Buffer length = Vectors.bytes("01 00 00 01");
        machine.receive(length.getBuffer(0, 3), 0);
        assertNull(machine.nextEvent());
        machine.receive(length.getBuffer(3, 4), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, machine::nextEvent);
        assertEquals("length: 16777217 (expected: <= 16777216)", tooLong.getMessage());
        assertNull(machine.nextEvent(), "it is over");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff ff ff ff", "80 00 00 00", "01 00 00 01", "01 00 00 00"})
    void nothingIsAllocatedForAnAnnouncement(String header) {
        long before = allocatedBytes();
        for (int i = 0; i < 100; i++) {
            FramedMachine machine = machine(16 * MIB);
            machine.receive(Vectors.bytes(header), 0);
            try {
                assertNull(machine.nextEvent());
            } catch (ProtocolException tooLong) {
                assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
            }
        }
        assertTrue(allocatedBytes() - before < MIB, () -> "allocated: " + (allocatedBytes() - before));
    }

    private static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @CsvSource({"0, 8", "1, 8", "8, 8", "65536, 65536"})
    void upToTheLimit(int bytes, int limit) {
        FramedMachine machine = machine(limit);
        machine.send(Buffer.buffer(new byte[bytes]));
        assertEquals(List.of(Buffer.buffer(new byte[bytes])), messages(machine(limit), List.of(output(machine))));
    }

    @Test
    void whatIsTooLongIsNotSentAndTheRestIs() {
        FramedMachine machine = machine(8);
        ProtocolException tooLong =
                assertThrows(ProtocolException.class, () -> machine.send(Buffer.buffer(new byte[9])));
        assertEquals("payload: 9 (expected: <= 8)", tooLong.getMessage());
        assertEquals(0, machine.outputBytes());
        machine.send(Buffer.buffer("hello"));
        assertEquals(Vectors.bytes("00000005 68656c6c6f"), output(machine));
    }

    /** The header counts, the payload's own limit does not raise it, and sending is another matter. */
    @Test
    void aMessageAboveTheCapIsTooLong() {
        FramedMachine machine = machine(65_536);
        machine.limitMessage(12);
        machine.send(Buffer.buffer(new byte[9]));
        assertEquals(
                List.of(Buffer.buffer(new byte[8])),
                messages(machine, List.of(Vectors.bytes("00000008 0000000000000000"))));
        machine.receive(Vectors.bytes("00000009"), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, machine::nextEvent);
        assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
    }

    /** C3-6: what is left of a read is not moved for each of its messages. */
    @Test
    void aReadOfVeryManyMessagesCostsWhatItHas() {
        Buffer many = Buffer.buffer(new byte[4 * 100_000]);
        FramedMachine machine = machine();
        machine.receive(many, 0);
        long before = allocatedBytes();
        while (machine.nextEvent() != null) {
            continue;
        }
        assertTrue(allocatedBytes() - before < 100L * MIB, () -> "allocated: " + (allocatedBytes() - before));
    }

    /** S03, S12 */
    @Test
    void emptyMessagesAreMessages() {
        List<Buffer> messages = messages(machine(), List.of(Buffer.buffer(new byte[4 * 10_000])));
        assertEquals(10_000, messages.size());
        assertTrue(messages.stream().allMatch(payload -> payload.length() == 0));
    }

    @Test
    void theEndBetweenTwoMessagesIsNoFailure() {
        FramedMachine machine = machine();
        machine.receive(Vectors.bytes("00000001 61 00000001 62"), 0);
        machine.peerClosed(0);
        assertEquals(List.of(Buffer.buffer("a"), Buffer.buffer("b")), messages(machine));
        assertNull(machine.nextEvent());
        assertEquals(FramedState.ENDED, machine.state());
    }

    @Test
    void theTapSeesWholeFrames() {
        List<String> seen = new ArrayList<>();
        FrameTap tap = (sent, name, bytes, secret) ->
                seen.add((sent ? "-> " : "<- ") + name + " " + Vectors.hex(bytes) + (secret ? " secret" : ""));
        FramedMachine machine = new FramedMachine(FramedLimits.DEFAULT, tap);
        machine.send(Buffer.buffer("a"));
        assertEquals(Vectors.bytes("00000001 61"), output(machine));
        messages(machine, List.of(Vectors.bytes("0000"), Vectors.bytes("0002 6263")));
        assertEquals(List.of("-> message 0000000161", "<- message 000000026263"), seen);
    }

    /** Events or a ProtocolException, and nothing else. */
    @Test
    void randomBytes() {
        Random random = new Random(20_150_001);
        int messages = 0;
        int violations = 0;
        for (int i = 0; i < 100_000; i++) {
            FramedMachine machine = machine(1_000);
            try {
                for (Buffer piece : Framed.pieces(noise(random), 20, random)) {
                    machine.receive(piece, 0);
                    while (machine.nextEvent() != null) {
                        messages++;
                    }
                }
                machine.peerClosed(0);
                assertNull(machine.nextEvent());
            } catch (ProtocolException violation) {
                violations++;
                assertEquals(FramedState.FAILED, machine.state());
            }
        }
        assertTrue(messages > 10_000, "messages: " + messages);
        assertTrue(violations > 10_000, "violations: " + violations);
    }

    /** Bytes, half of them behind a header that makes sense. */
    private static Buffer noise(Random random) {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        Buffer noise = Buffer.buffer();
        return random.nextBoolean()
                ? noise.appendBytes(bytes)
                : noise.appendInt(random.nextInt(100)).appendBytes(bytes);
    }
}
