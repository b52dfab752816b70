package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameAccumulatorTest {

    private static final int LIMIT_BYTES = 1_000;

    @ParameterizedTest
    @EnumSource
    void framesComeOutHoweverTheyAreCut(Layouts layout) {
        List<Buffer> frames = layout.frames(0, 1, 40, 0, 3, 200);
        Buffer all = Layouts.joined(frames);

        assertEquals(frames, layout.cut(List.of(all), LIMIT_BYTES), "all in one read");
        assertEquals(frames, layout.cut(frames, LIMIT_BYTES), "a read each");
        for (int at = 0; at <= all.length(); at++) {
            List<Buffer> halves = List.of(all.slice(0, at), all.slice(at, all.length()));
            assertEquals(frames, layout.cut(halves, LIMIT_BYTES), "cut at " + at);
        }
        assertEquals(frames, layout.cut(pieces(all, 1, 1), LIMIT_BYTES), "byte by byte");
    }

    @ParameterizedTest
    @EnumSource
    void framesGivenOutStayAsTheyWere(Layouts layout) {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Buffer> frames = layout.frames(random.ints(20, 0, 90).toArray());
            List<Buffer> cut = layout.cut(pieces(Layouts.joined(frames), 1, 120, random), LIMIT_BYTES);
            // Compared only now, when everything that could have written over them has been appended.
            assertEquals(frames, cut, "round " + round);
        }
    }

    @ParameterizedTest
    @EnumSource
    void wholeFramesShareTheMemoryOfTheRead(Layouts layout) {
        Buffer read = Layouts.joined(layout.frames(5, 6));
        List<Buffer> frames = layout.cut(List.of(read), LIMIT_BYTES);
        int second = frames.get(0).length();
        read.setByte(0, (byte) 0x55).setByte(second, (byte) 0x66);
        assertEquals(0x55, frames.get(0).getByte(0));
        assertEquals(0x66, frames.get(1).getByte(0));
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReadIsNeverWrittenTo(Layouts layout) {
        List<Buffer> reads = pieces(Layouts.joined(layout.frames(50, 60, 70)), 33, 33);
        List<Buffer> before = reads.stream().map(Buffer::copy).toList();
        layout.cut(reads, LIMIT_BYTES);
        assertEquals(before, reads);
    }

    @ParameterizedTest
    @CsvSource({
        // layout, header up to the last byte of the length, kind, message
        "BIG_ENDIAN_FOLLOWING, 000003e9, LIMIT,   length: 1001 (expected: <= 1000)",
        "BIG_ENDIAN_FOLLOWING, ffffffff, LIMIT,   length: 4294967295 (expected: <= 1000)",
        "LITTLE_ENDIAN_FRAME,  0f000000, FRAMING, length: 15 (expected: >= 16)",
        "LITTLE_ENDIAN_FRAME,  00000000, FRAMING, length: 0 (expected: >= 16)",
        "LITTLE_ENDIAN_FRAME,  ffffffff, FRAMING, length: 4294967295 (expected: <= 1000)",
        "LITTLE_ENDIAN_FRAME,  ffffff7f, FRAMING, length: 2147483647 (expected: <= 1000)",
        "OFFSET_AND_TRAILER,   01000000000400, FRAMING, length: 1024 (expected: <= 1000)",
        "OFFSET_AND_TRAILER,   010000ffffffff, FRAMING, length: 4294967295 (expected: <= 1000)",
    })
    void aLengthIsJudgedOnItsLastByte(Layouts layout, String header, Kind kind, String message) {
        FrameAccumulator accumulator = new FrameAccumulator(layout.prefix, LIMIT_BYTES);
        Buffer bytes = Bytes.hex(header);
        for (int i = 0; i < bytes.length() - 1; i++) {
            accumulator.append(bytes.slice(i, i + 1));
            assertNull(accumulator.nextFrame(), "byte " + i);
        }
        accumulator.append(bytes.slice(bytes.length() - 1, bytes.length()));
        ProtocolException bad = assertThrows(ProtocolException.class, accumulator::nextFrame);
        assertEquals(kind, bad.kind());
        assertEquals(message, bad.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void theLargestLegalFramePasses(Layouts layout) {
        int payload = layout == Layouts.LITTLE_ENDIAN_FRAME ? LIMIT_BYTES - 16 : LIMIT_BYTES;
        List<Buffer> frames = layout.frames(payload);
        assertEquals(frames, layout.cut(frames, LIMIT_BYTES));
    }

    @ParameterizedTest
    @EnumSource
    void theLimitChangesBetweenFrames(Layouts layout) {
        List<Buffer> frames = layout.frames(10, 100);
        FrameAccumulator accumulator = new FrameAccumulator(layout.prefix, 50);
        accumulator.append(Layouts.joined(frames));
        assertEquals(frames.get(0), accumulator.nextFrame());
        assertThrows(ProtocolException.class, accumulator::nextFrame);
        accumulator.limit(200);
        assertEquals(frames.get(1), accumulator.nextFrame());
        assertNull(accumulator.nextFrame());
    }

    @ParameterizedTest
    @EnumSource
    void aLowerLimitHoldsForTheUnfinishedFrame(Layouts layout) {
        FrameAccumulator accumulator = new FrameAccumulator(layout.prefix, 200);
        accumulator.append(layout.frames(100).get(0).slice(0, 60));
        assertNull(accumulator.nextFrame());
        accumulator.limit(50);
        assertThrows(ProtocolException.class, accumulator::nextFrame);
    }

    @ParameterizedTest
    @EnumSource
    void noLimitRaisesTheCap(Layouts layout) {
        List<Buffer> frames = layout.frames(10, 100);
        FrameAccumulator accumulator = new FrameAccumulator(layout.prefix, 5);
        accumulator.cap(frames.get(1).length() - 1);
        accumulator.limit(LIMIT_BYTES);
        accumulator.append(frames.get(0));
        assertEquals(frames.get(0), accumulator.nextFrame());
        accumulator.append(frames.get(1).slice(0, layout.prefix.headerBytes()));
        ProtocolException tooLong = assertThrows(ProtocolException.class, accumulator::nextFrame);
        assertEquals(Kind.LIMIT, tooLong.kind());
        int bytes = frames.get(1).length();
        assertEquals("frame: " + bytes + " bytes (expected: <= " + (bytes - 1) + ")", tooLong.getMessage());
    }

    @Test
    void layoutsThatWouldCutEmptyFramesForEverAreRefused() {
        IllegalArgumentException no = assertThrows(
                IllegalArgumentException.class,
                () -> new LengthPrefix(3, false, LengthPrefix.Counts.FRAME, 7, 1, Kind.FRAMING));
        assertEquals("least: 7 (expected: 8 to 2147483647)", no.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void mutatedBytesGiveFramesOrAProtocolException(Layouts layout) {
        Random random = new Random(20);
        int frames = 0;
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            Buffer bytes = Layouts.joined(layout.frames(random.ints(6, 0, 60).toArray()));
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes.setByte(random.nextInt(bytes.length()), (byte) random.nextInt(256));
            }
            try {
                List<Buffer> cut = layout.cut(pieces(bytes, 1, 90, random), LIMIT_BYTES);
                assertTrue(Layouts.joined(cut).length() <= bytes.length());
                assertEquals(
                        bytes.slice(0, Layouts.joined(cut).length()), Layouts.joined(cut), "nothing lost, in order");
                frames += cut.size();
            } catch (ProtocolException bad) {
                refused++;
            }
        }
        assertTrue(frames > 1_000 && refused > 100, frames + " frames, " + refused + " refused");
    }

    private static List<Buffer> pieces(Buffer all, int min, int max) {
        return pieces(all, min, max, new Random(1));
    }

    /** Cuts {@code all} into reads of {@code min} to {@code max} bytes, each in memory of its own like a socket's. */
    private static List<Buffer> pieces(Buffer all, int min, int max, Random random) {
        List<Buffer> pieces = new ArrayList<>();
        for (int at = 0; at < all.length(); ) {
            int end = Math.min(all.length(), at + min + random.nextInt(max - min + 1));
            pieces.add(all.getBuffer(at, end));
            at = end;
        }
        return pieces;
    }
}
