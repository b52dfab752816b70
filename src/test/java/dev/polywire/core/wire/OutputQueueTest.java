package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutputQueueTest {

    private static final int WHOLE = OutputQueue.WHOLE_BYTES;

    /** sizes of the pieces, sizes of what is written */
    static Stream<Arguments> joins() {
        return Stream.of(
                Arguments.of(List.of(), List.of()),
                Arguments.of(List.of(0), List.of()),
                Arguments.of(List.of(5), List.of(5)),
                Arguments.of(List.of(5, 0, 6, 7), List.of(18)),
                Arguments.of(List.of(WHOLE), List.of(WHOLE)),
                Arguments.of(List.of(5, WHOLE, 6, 7), List.of(5, WHOLE, 13)),
                Arguments.of(List.of(WHOLE, WHOLE), List.of(WHOLE, WHOLE)),
                Arguments.of(List.of(WHOLE - 1, WHOLE - 1, WHOLE), List.of(2 * WHOLE - 2, WHOLE)));
    }

    @ParameterizedTest
    @MethodSource("joins")
    void smallPiecesAreJoinedAndLargeOnesPass(List<Integer> pieces, List<Integer> written) {
        OutputQueue queue = new OutputQueue();
        pieces.forEach(size -> queue.add(Buffer.buffer(new byte[size])));
        assertEquals(pieces.stream().mapToInt(i -> i).sum(), queue.bytes());
        List<Integer> taken = new ArrayList<>();
        for (Buffer next = queue.take(); next != null; next = queue.take()) {
            taken.add(next.length());
        }
        assertEquals(written, taken);
        assertEquals(0, queue.bytes());
    }

    @Test
    void aLargePiecePassesUncopied() {
        OutputQueue queue = new OutputQueue();
        Buffer small = Buffer.buffer("head");
        Buffer large = Buffer.buffer(new byte[WHOLE]);
        queue.add(small);
        queue.add(large);
        assertEquals(small, queue.take());
        assertSame(large, queue.take());
        assertNull(queue.take());
    }

    @Test
    void joiningIsBounded() {
        OutputQueue queue = new OutputQueue();
        for (int i = 0; i < 1_000; i++) {
            queue.add(Buffer.buffer(new byte[1_000]));
        }
        for (Buffer next = queue.take(); next != null; next = queue.take()) {
            assertTrue(next.length() < 9 * WHOLE, next.length() + " bytes in one write");
        }
    }

    @Test
    void joiningDoesNotWriteIntoAPiece() {
        OutputQueue queue = new OutputQueue();
        Buffer first = Buffer.buffer(100).appendString("a");
        queue.add(first);
        queue.add(Buffer.buffer("b"));
        assertEquals("ab", queue.take().toString());
        assertEquals("a", first.toString());
    }

    @Test
    void orderIsKeptWhateverIsAddedAndTakenBetween() {
        Random random = new Random(11);
        OutputQueue queue = new OutputQueue();
        Buffer in = Buffer.buffer();
        Buffer out = Buffer.buffer();
        for (int i = 0; i < 3_000; i++) {
            byte[] piece = new byte[random.nextInt(20) == 0 ? WHOLE + random.nextInt(100) : random.nextInt(300)];
            random.nextBytes(piece);
            if (piece.length < WHOLE && random.nextBoolean()) {
                int length = random.nextInt(piece.length + 1);
                queue.add(piece, length);
                in.appendBytes(piece, 0, length);
            } else {
                queue.add(Buffer.buffer(piece));
                in.appendBytes(piece);
            }
            if (random.nextInt(3) == 0) {
                Buffer next = queue.take();
                out.appendBuffer(next == null ? Buffer.buffer() : next);
            }
            assertEquals(in.length() - out.length(), queue.bytes());
        }
        for (Buffer next = queue.take(); next != null; next = queue.take()) {
            out.appendBuffer(next);
        }
        assertEquals(in, out);
    }

    /** What is given out stays as it is until it is written, however late that is said. */
    @Test
    void reusedBlocksAreNotWrittenIntoTooEarly() {
        OutputQueue queue = OutputQueue.reusing();
        Random random = new Random(4);
        ArrayDeque<Buffer> given = new ArrayDeque<>();
        Buffer added = Buffer.buffer();
        Buffer arrived = Buffer.buffer();
        for (int turn = 0; turn < 400; turn++) {
            for (int i = random.nextInt(60); i > 0; i--) {
                byte[] piece = new byte[random.nextInt(random.nextInt(20) == 0 ? 2 * WHOLE : 1_200)];
                random.nextBytes(piece);
                added.appendBytes(piece);
                if (random.nextBoolean()) {
                    queue.add(piece, piece.length);
                } else {
                    queue.add(Buffer.buffer(piece));
                }
                queue.addByte(i);
                queue.addInt(turn);
                added.appendByte((byte) i).appendInt(turn);
            }
            for (Buffer next = queue.take(); next != null; next = queue.take()) {
                given.add(next);
            }
            for (int i = random.nextInt(given.size() + 1); i > 0; i--) {
                Buffer written = given.remove();
                arrived.appendBuffer(written);
                queue.written(written);
            }
            if (random.nextInt(10) == 0) {
                queue.rest();
            }
        }
        given.forEach(arrived::appendBuffer);
        assertEquals(added, arrived);
        assertEquals(0, queue.bytes());
    }

    @Test
    void aBlockIsUsedAgain() {
        OutputQueue queue = OutputQueue.reusing();
        queue.add(new byte[OutputQueue.BLOCK_FROM_BYTES], OutputQueue.BLOCK_FROM_BYTES);
        queue.take();
        queue.add(new byte[] {1}, 1);
        Buffer first = queue.take();
        queue.written(first);
        queue.add(new byte[] {2}, 1);
        queue.take();
        assertEquals(2, first.getByte(0), "the same memory");
        queue.add(new byte[] {3}, 1);
        Buffer another = queue.take();
        assertEquals(2, first.getByte(0), "not written");
        queue.written(another);
        queue.rest();
        queue.rest();
        queue.add(new byte[] {4}, 1);
        assertEquals(3, another.getByte(0), "forgotten");
    }

    /** Two blocks, of which one is in use. */
    @Test
    void whatIsFreeIsGivenBack() {
        OutputQueue queue = OutputQueue.reusing();
        byte[] piece = new byte[OutputQueue.BLOCK_FROM_BYTES];
        queue.add(piece, piece.length);
        assertEquals(0, queue.spareBytes(), "the first piece has no block");
        queue.take();
        queue.add(piece, piece.length);
        Buffer first = queue.take();
        queue.add(piece, piece.length);
        Buffer second = queue.take();
        assertEquals(2 * (OutputQueue.JOINED_BYTES - piece.length), queue.spareBytes());
        queue.written(first);
        assertEquals(2 * OutputQueue.JOINED_BYTES - piece.length, queue.spareBytes());
        queue.shed();
        assertEquals(OutputQueue.JOINED_BYTES - piece.length, queue.spareBytes());
        assertEquals(Buffer.buffer(piece), second);
        queue.written(second);
        queue.shed();
        assertEquals(0, queue.spareBytes());
        queue.add(piece, piece.length);
        assertEquals(Buffer.buffer(piece), queue.take(), "and it goes on");
    }
}
