package dev.polywire.bench;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.polywire.framed.wire.CborCodec;
import dev.polywire.framed.wire.PayloadCodec;
import dev.polywire.framed.wire.PickleCodec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message of a few fields, as a service sends them: our codecs of it. Jackson reads the same CBOR
 * and makes nothing of it but strings: what parsing alone costs there. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PayloadCodecs {

    private static final long MAX_VALUE_BYTES = 16 << 20;

    private static final Map<String, Object> MESSAGE = Map.of(
            "id",
            1_234_567L,
            "name",
            "order placed",
            "amount",
            12.5,
            "paid",
            true,
            "lines",
            List.of(Map.of("sku", "A-1", "count", 2L), Map.of("sku", "B-22", "count", 1L)));

    private final PayloadCodec cbor = new CborCodec(MAX_VALUE_BYTES);
    private final PayloadCodec pickle = new PickleCodec(MAX_VALUE_BYTES);
    private final CBORFactory jackson = new CBORFactory();
    private final Buffer cborBytes = cbor.encode(MESSAGE);
    private final Buffer pickleBytes = pickle.encode(MESSAGE);
    private final byte[] jacksonBytes = cborBytes.getBytes();

    @Benchmark
    public Object cborDecode() {
        return cbor.decode(cborBytes);
    }

    @Benchmark
    public int cborTokensByJackson() throws IOException {
        int characters = 0;
        try (JsonParser in = jackson.createParser(jacksonBytes)) {
            while (in.nextToken() != null) {
                characters += in.getText().length();
            }
        }
        return characters;
    }

    @Benchmark
    public Buffer cborEncode() {
        return cbor.encode(MESSAGE);
    }

    @Benchmark
    public Object pickleDecode() {
        return pickle.decode(pickleBytes);
    }

    @Benchmark
    public Buffer pickleEncode() {
        return pickle.encode(MESSAGE);
    }
}
