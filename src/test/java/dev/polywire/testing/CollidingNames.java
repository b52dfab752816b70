package dev.polywire.testing;

import java.util.List;
import java.util.stream.IntStream;

/** Names that a hash map cannot tell apart by their hash. They are made here, and stored nowhere. */
public final class CollidingNames {

    private static final List<String> BLOCKS = List.of("Aa", "BB");

    private CollidingNames() {}

    /** Different names of equal hash: the blocks have the same, and so has every row of as many blocks. */
    public static List<String> ofEqualHash(int count) {
        int blocks = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
        return IntStream.range(0, count).mapToObj(number -> row(number, blocks)).toList();
    }

    /** Different names whose spread hashes have their lowest bits in common: one bucket of a map of this size. */
    public static List<String> ofOneBucket(int count, int buckets) {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "n" + number)
                .filter(name -> ((name.hashCode() ^ name.hashCode() >>> 16) & buckets - 1) == 0)
                .limit(count)
                .toList();
    }

    private static String row(int number, int blocks) {
        StringBuilder row = new StringBuilder();
        for (int block = 0; block < blocks; block++) {
            row.append(BLOCKS.get(number >> block & 1));
        }
        return row.toString();
    }
}
