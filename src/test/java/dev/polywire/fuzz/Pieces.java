package dev.polywire.fuzz;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream of bytes as it comes out of a socket. The fuzzer's bytes decide where it is cut.
 *
 * <pre>
 *   | options: 5 bits, cuts: 3 bits | length of a piece: 1 byte, for each cut | the stream |
 *   00 ..           all at once
 *   0a 01 03 ..     option 1; a piece of one byte, one of three, and the rest
 *   07 ..           one byte at a time: there is no eighth piece
 * </pre>
 */
public record Pieces(int options, List<Buffer> all) {

    private static final int CUT_BITS = 3;
    private static final int BYTE_BY_BYTE = 7;

    /** What an input means. */
    public static Pieces of(Buffer input) {
        int first = input.getUnsignedByte(0);
        int cuts = first & BYTE_BY_BYTE;
        int at = 1;
        List<Integer> lengths = new ArrayList<>();
        if (cuts < BYTE_BY_BYTE) {
            for (; cuts > 0 && at < input.length(); cuts--) {
                lengths.add((int) input.getUnsignedByte(at++));
            }
        }
        List<Buffer> pieces = new ArrayList<>();
        for (int i = 0; at < input.length(); i++) {
            int most = cuts == BYTE_BY_BYTE ? 1 : i < lengths.size() ? lengths.get(i) : input.length();
            int end = Math.min(input.length(), at + Math.max(1, most));
            pieces.add(input.getBuffer(at, end));
            at = end;
        }
        return new Pieces(first >> CUT_BITS, pieces);
    }

    /** The input that is this stream at once. */
    public static Buffer seed(int options, Buffer stream) {
        return Buffer.buffer().appendByte((byte) (options << CUT_BITS)).appendBuffer(stream);
    }

    /** The input that is this stream, one byte at a time. */
    public static Buffer slowSeed(int options, Buffer stream) {
        return Buffer.buffer()
                .appendByte((byte) (options << CUT_BITS | BYTE_BY_BYTE))
                .appendBuffer(stream);
    }

    /** Whether the option of this number, 0 to 4, is chosen. */
    public boolean option(int number) {
        return (options >> number & 1) == 1;
    }

    /** The same stream at once. */
    public Pieces whole() {
        Buffer stream = Buffer.buffer();
        all.forEach(stream::appendBuffer);
        return new Pieces(options, stream.length() == 0 ? List.of() : List.of(stream));
    }
}
