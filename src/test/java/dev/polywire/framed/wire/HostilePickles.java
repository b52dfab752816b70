package dev.polywire.framed.wire;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** Pickles of data alone that want more memory than their length tells. */
public final class HostilePickles {

    /** One of them. */
    public record Bomb(String name, Buffer pickle) {}

    /** What {@link #references} are over, by little. */
    public static final long REFERENCES_BYTES = 128 * 1024;

    private static final int PER_LEVEL = 10;
    private static final int LEVELS = 3;

    private HostilePickles() {}

    /** Small ones, and all that they say is what was there before: over {@link #REFERENCES_BYTES}. */
    public static Stream<Bomb> references() {
        return Stream.of(
                new Bomb("a thousand references to lists", levels("]", "(", "e")),
                new Bomb("a thousand references to tuples", levels("", "(", "t")),
                new Bomb("a text, again and again", repeated(1_000, 140)));
    }

    /** Many small values, just over a bound of {@code valueBytes}. */
    public static Stream<Bomb> values(int valueBytes) {
        return Stream.of(
                many("empty lists", "](", "]", valueBytes / ValueBudget.LIST_BYTES),
                many("empty tuples", "](", ")", valueBytes / ValueBudget.OBJECT_BYTES),
                many("empty dictionaries", "", "}", valueBytes / ValueBudget.OBJECT_BYTES),
                many("marks", "", "(", valueBytes / ValueBudget.NUMBER_BYTES),
                many("numbers", "](", "K1", valueBytes / ValueBudget.NUMBER_BYTES),
                many("floats", "](", "G12345678", valueBytes / ValueBudget.NUMBER_BYTES),
                many("texts", "](", "X\1\0\0\0a", valueBytes / ValueBudget.TEXT_BYTES),
                many("entries", "}(", "K1N", valueBytes / ValueBudget.NUMBER_BYTES),
                many("memo", "N", "\u0094", valueBytes / ValueBudget.ENTRY_BYTES));
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

    /** Opcodes as ISO-8859-1. */
    private static Bomb many(String name, String first, String opcodes, long count) {
        return new Bomb(name, start().appendString(first + opcodes.repeat((int) count + 2), "ISO-8859-1"));
    }

    private static Buffer start() {
        return Vectors.bytes("8004");
    }
}
