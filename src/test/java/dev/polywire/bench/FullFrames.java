package dev.polywire.bench;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.testing.CollidingNames;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** JSON that is as expensive to read as the bridge's limits on bytes, depth and values allow. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FullFrames {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 131_072;

    private static final List<String> EQUAL = CollidingNames.ofEqualHash(26_000);

    /** What fills the frame, and how many of them fit into 1 MiB or are as many values as it may have. */
    public enum Filling {
        NAMES(121_000, number -> '"' + Integer.toString(number, Character.MAX_RADIX) + "\":1"),
        EQUAL_HASHES(EQUAL.size(), number -> '"' + EQUAL.get(number) + "\":1"),
        INTEGERS(1_040, number -> "9".repeat(StrictJson.MAX_NUMBER_CHARACTERS)),
        REALS(1_040, number -> "1." + "7".repeat(StrictJson.MAX_NUMBER_CHARACTERS - 2)),
        SHORT_REALS(55_000, number -> "1.2345678901234567"),
        OBJECTS(87_000, number -> number % 2 == 0 ? "{}" : "{\"a\":{}}"),
        LEVELS(2_100, number -> "{\"a\":".repeat(61) + "{}" + "}".repeat(61)),
        ESCAPES(130, number -> '"' + "\\u00e9\\n".repeat(1_000) + '"');

        private final int count;
        private final IntFunction<String> element;

        Filling(int count, IntFunction<String> element) {
            this.count = count;
            this.element = element;
        }

        private Buffer frame() {
            boolean members = this == NAMES || this == EQUAL_HASHES;
            return Buffer.buffer(IntStream.range(0, count)
                    .mapToObj(element)
                    .collect(Collectors.joining(",", members ? "{" : "[", members ? "}" : "]")));
        }
    }

    @Param
    public Filling filling;

    private final StrictJson json = new StrictJson(MAX_DEPTH, MAX_VALUES);
    private Buffer frame = Buffer.buffer();

    @Setup
    public void fill() {
        frame = filling.frame();
    }

    /** A refusal costs something, too. */
    @Benchmark
    public Object read() {
        try {
            return json.document(frame);
        } catch (FieldException refused) {
            return refused;
        }
    }
}
