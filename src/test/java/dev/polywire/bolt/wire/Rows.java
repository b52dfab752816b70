package dev.polywire.bolt.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.neo4j.bolt.connection.netty.impl.async.inbound.ByteBufInput;
import org.neo4j.bolt.connection.netty.impl.messaging.v5.ValueUnpackerV5;
import org.neo4j.driver.internal.value.BoltValueFactory;
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

/** A row of PackStream to values: ours as it is done on a connection, checked first and made objects of then, and the driver's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Rows {

    private static final ValueDialect DIALECT = ValueDialect.of(BoltVersion.V5_4);

    private static final List<Object> FLAT = List.of(4_711L, "Jupiter", 142_984.5);
    private static final List<Object> NESTED = List.of(
            4_711L, "Jupiter", 142_984.5, true, List.of("H2", "He", "CH4"), Map.of("mean", -108.0, "min", -145.5));

    @Param({"flat", "nested"})
    public String shape = "flat";

    private byte[] row = {};
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private final ByteBufInput input = new ByteBufInput();
    private final ValueUnpackerV5 driver = new ValueUnpackerV5(input, BoltValueFactory.getInstance());

    @Setup
    public void pack() {
        row = new PackStreamWriter(DIALECT, 65_536)
                .list(shape.equals("flat") ? FLAT : NESTED)
                .take()
                .getBytes();
        bytes = Unpooled.wrappedBuffer(row);
    }

    @Benchmark
    public Object decode() {
        return BoltRecord.read(row, 0, row.length, DIALECT, BoltLimits.DEFAULT).values();
    }

    /** The flat one without objects for numbers, as a handler of rows takes it. */
    @Benchmark
    public double pieces() {
        PackStreamReader in =
                BoltRecord.read(row, 0, row.length, DIALECT, BoltLimits.DEFAULT).reader();
        return in.integer() + in.text().length() + in.floating();
    }

    @Benchmark
    public Object decodeByDriver() throws IOException {
        bytes.readerIndex(0);
        input.start(bytes);
        Object values = driver.unpackList();
        input.stop();
        return values;
    }
}
