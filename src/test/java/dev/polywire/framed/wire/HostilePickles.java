package dev.polywire.framed.wire;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Pickles of data alone that want more memory than their length tells. */
public final class HostilePickles {

    /** One of them; large enough for any bound up to {@value #TARGET_MEGABYTES} MB. */
    public record Bomb(String name, Buffer pickle) {}

    private static final int TARGET_MEGABYTES = 300;
    private static final int PER_LEVEL = 10;
    private static final int LEVELS = 10;

    private HostilePickles() {}

    public static Stream<Bomb> bombs() {
        return Stream.of(
                new Bomb("ten billion references to lists", levels("]", "(", "e")),
                new Bomb("ten billion references to tuples", levels("", "(", "t")),
                new Bomb("a long text, again and again", repeated(100_000, 4_000)),
                new Bomb("empty lists", many("](" + "]".repeat(3_000_000) + "e.")),
                new Bomb("empty tuples", many("](" + ")".repeat(1_000_000) + "e.")),
                new Bomb("empty dictionaries, never used", many("}".repeat(1_000_000))),
                new Bomb("marks", many("(".repeat(14_000_000))),
                new Bomb("numbers", many("](" + "K1".repeat(14_000_000) + "e.")),
                new Bomb("pairs", many("}(" + "NN".repeat(3_000_000) + "u.")),
                new Bomb("memo", memo(4_000_000)));
    }

    /** Each level refers ten times to the one before. */
    private static Buffer levels(String empty, String open, String close) {
        Buffer pickle = start();
        pickle.appendString(empty + open + "N" + close).appendBytes(new byte[] {(byte) 0x94});
        for (int level = 0; level < LEVELS; level++) {
            pickle.appendString(empty + open);
            for (int i = 0; i < PER_LEVEL; i++) {
                pickle.appendString("h").appendByte((byte) level);
            }
            pickle.appendString(close).appendBytes(new byte[] {(byte) 0x94});
        }
        // The levels stand on the stack one behind another: a tuple of all is the one value.
        return Vectors.bytes("8004")
                .appendString("(")
                .appendBuffer(pickle.slice(2, pickle.length()))
                .appendString("t.");
    }

    private static Buffer repeated(int length, int times) {
        Buffer pickle = start().appendString("](X").appendIntLE(length).appendString("x".repeat(length));
        pickle.appendByte((byte) 0x94);
        for (int i = 0; i < times; i++) {
            pickle.appendString("h\0");
        }
        return pickle.appendString("e.");
    }

    private static Buffer memo(int entries) {
        Buffer pickle = start().appendString("N");
        for (int i = 0; i < entries; i++) {
            pickle.appendByte((byte) 0x94);
        }
        return pickle.appendString(".");
    }

    private static Buffer many(String opcodes) {
        return start().appendString(opcodes);
    }

    private static Buffer start() {
        return Vectors.bytes("8004");
    }
}
