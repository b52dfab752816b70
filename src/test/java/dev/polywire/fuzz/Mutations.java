package dev.polywire.fuzz;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;

/** Inputs near others, the same ones in each run: bytes changed, a part taken out, doubled, or put in from another. */
final class Mutations {

    private static final int MOST_CHANGES = 4;
    /** Above this a seed is for itself: its neighbours would only cost time. */
    static final int MOST_BYTES = 8 * 1024;

    private final Random random = new Random(20_261_121);
    private final List<Buffer> seeds;

    Mutations(List<Buffer> seeds) {
        this.seeds = seeds.stream()
                .filter(seed -> seed.length() > 0 && seed.length() <= MOST_BYTES)
                .toList();
    }

    /** One more; not empty. */
    Buffer next() {
        Buffer bytes = one().copy();
        if (random.nextInt(4) == 0) {
            bytes = spliced(bytes);
        }
        for (int changes = random.nextInt(MOST_CHANGES + 1); changes > 0; changes--) {
            int at = random.nextInt(bytes.length());
            int value = random.nextBoolean() ? random.nextInt(256) : bytes.getByte(at) + random.nextInt(-2, 3);
            bytes.setByte(at, (byte) value);
        }
        return bytes;
    }

    private Buffer spliced(Buffer bytes) {
        int from = random.nextInt(bytes.length());
        int to = random.nextInt(from, bytes.length() + 1);
        Buffer other = random.nextBoolean() ? one() : bytes;
        int start = random.nextInt(other.length());
        int end = random.nextInt(start, other.length() + 1);
        Buffer made = bytes.getBuffer(0, from)
                .appendBuffer(other.getBuffer(start, end))
                .appendBuffer(bytes.getBuffer(to, bytes.length()));
        return made.length() == 0 ? bytes : made;
    }

    private Buffer one() {
        return seeds.get(random.nextInt(seeds.size()));
    }
}
