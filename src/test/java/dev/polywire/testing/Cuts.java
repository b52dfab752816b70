package dev.polywire.testing;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Where a stream of bytes is cut in two: everywhere, or in a long one at both ends and at seeded places between. */
public final class Cuts {

    private static final int ALL_BYTES = 4 * 1024;
    private static final int END_BYTES = 1024;
    private static final int PLACES = 256;

    private Cuts() {}

    /** Positions from 1 to {@code length} - 1, ascending, each once. */
    public static IntStream positions(int length) {
        if (length <= ALL_BYTES) {
            return IntStream.range(1, length);
        }
        return IntStream.concat(
                        IntStream.concat(
                                IntStream.rangeClosed(1, END_BYTES), IntStream.range(length - END_BYTES, length)),
                        new Random(length).ints(PLACES, END_BYTES, length - END_BYTES))
                .sorted()
                .distinct();
    }

    /** Two pieces that share no memory with {@code bytes}. */
    public static List<Buffer> at(Buffer bytes, int position) {
        return List.of(bytes.getBuffer(0, position), bytes.getBuffer(position, bytes.length()));
    }

    /** One piece for each byte. */
    public static List<Buffer> singleBytes(Buffer bytes) {
        return IntStream.range(0, bytes.length())
                .mapToObj(i -> bytes.getBuffer(i, i + 1))
                .toList();
    }
}
