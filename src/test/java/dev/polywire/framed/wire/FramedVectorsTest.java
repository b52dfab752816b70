package dev.polywire.framed.wire;

import static dev.polywire.framed.wire.Framed.machine;
import static dev.polywire.framed.wire.Framed.messages;
import static dev.polywire.framed.wire.Framed.output;
import static dev.polywire.framed.wire.Framed.pieces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import dev.polywire.testing.Vectors.Vector;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded frames, whatever their payloads are (Python's pickle, most of them): in, out, and cut at every position. */
class FramedVectorsTest {

    private static final Vectors VECTORS = Vectors.read("smart-frames.txt");
    /** What is no whole frame. */
    private static final Set<String> NEGATIVE = Set.of("partial_hdr", "partial_body", "max_u32", "int_neg");

    static Stream<Vector> frames() {
        return VECTORS.all().stream().filter(vector -> !NEGATIVE.contains(vector.id()));
    }

    @Test
    void theBytesOfThePage() {
        Buffer bytes = Vectors.bytes(String.join("", Readme.bytes("docs/framed.md", "bytes: messages")));
        assertEquals(List.of(Buffer.buffer("hello"), Buffer.buffer()), messages(machine(), List.of(bytes)));
    }

    @Test
    void thereAreFrames() {
        assertEquals(50, frames().count());
        assertEquals(54, VECTORS.all().size());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void bothWays(Vector vector) {
        List<Buffer> messages = messages(machine(), List.of(vector.bytes()));
        assertEquals(vector.id().equals("floats100") ? 100 : 1, messages.size());
        FramedMachine sender = machine();
        messages.forEach(sender::send);
        assertEquals(vector.bytes().length(), sender.outputBytes());
        assertEquals(vector.bytes(), output(sender));
        assertEquals(0, sender.outputBytes());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void cutAnywhere(Vector vector) {
        List<Buffer> whole = messages(machine(), List.of(vector.bytes()));
        Cuts.positions(vector.bytes().length())
                .forEach(at -> assertEquals(whole, messages(machine(), Cuts.at(vector.bytes(), at)), "cut at " + at));
        assertEquals(whole, messages(machine(), Cuts.singleBytes(vector.bytes())));
    }

    /** The payload of each is a pickled float: 80 04 95, a length of 10 in 8 bytes, 47 and the float, 2e. */
    @Test
    void hundredFloatsInSmallPieces() {
        Buffer frames = VECTORS.get("floats100").bytes();
        for (int seed = 0; seed < 100; seed++) {
            List<Double> floats = messages(machine(), pieces(frames, 10, new Random(seed))).stream()
                    .map(payload -> payload.getDouble(12))
                    .toList();
            assertEquals(100, floats.size());
            assertEquals(0.5714025946899135, floats.get(0));
            assertEquals(0.9686781985609425, floats.get(99));
        }
    }

    @Test
    void framesOneBehindAnother() {
        Buffer all = Buffer.buffer();
        frames().forEach(vector -> all.appendBuffer(vector.bytes()));
        List<Buffer> messages = messages(machine(), List.of(all));
        assertEquals(149, messages.size());
        assertEquals(messages, messages(machine(), pieces(all, 10, new Random(1))));
    }

    @ParameterizedTest
    @CsvSource({"partial_hdr, 3", "partial_body, 7"})
    void whatItsPeerDidNotFinish(String id, int bytes) {
        FramedMachine machine = machine();
        assertEquals(List.of(), messages(machine, List.of(VECTORS.get(id).bytes())));
        machine.peerClosed(0);
        ProtocolException truncated = assertThrows(ProtocolException.class, machine::nextEvent);
        assertEquals(ProtocolException.Kind.FRAMING, truncated.kind());
        assertEquals("message: truncated by the peer after " + bytes + " bytes of its frame", truncated.getMessage());
        assertEquals(FramedState.FAILED, machine.state());
    }

    @ParameterizedTest
    @CsvSource({"max_u32, 4294967295", "int_neg, 2147483648"})
    void lengthsAreUnsigned(String id, String length) {
        FramedMachine machine = machine();
        machine.receive(VECTORS.get(id).bytes(), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, machine::nextEvent);
        assertEquals(ProtocolException.Kind.LIMIT, tooLong.kind());
        assertEquals("length: " + length + " (expected: <= 65536)", tooLong.getMessage());
    }
}
