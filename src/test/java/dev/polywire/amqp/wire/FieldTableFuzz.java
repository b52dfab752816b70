package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A field table without its length: a map or DECODE. What was read can be written, and reads as the same. */
public final class FieldTableFuzz implements FuzzTarget {

    private static final int RANDOM_SEEDS = 50;

    @Override
    public String name() {
        return "amqp-table";
    }

    @Override
    public Stream<Buffer> seeds() {
        Random random = new Random(13);
        return Stream.concat(
                Vectors.read("amqp-field-values.txt").all().stream()
                        .map(value -> Vectors.bytes("0161").appendBuffer(value.bytes())),
                Stream.generate(() -> written(Encoded.table(random, 3)))
                        .filter(table -> table.length() > 0)
                        .limit(RANDOM_SEEDS));
    }

    @Override
    public void run(Buffer input) {
        Map<String, @Nullable Object> table;
        try {
            table = read(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        Buffer written;
        try {
            written = written(table);
        } catch (IllegalArgumentException unsayable) {
            // A key that was no UTF-8 is longer now.
            Complaint.require(unsayable.getMessage());
            return;
        }
        assertEquals(table, read(written));
    }

    private static Map<String, @Nullable Object> read(Buffer fields) {
        return new AmqpReader(Buffer.buffer().appendInt(fields.length()).appendBuffer(fields)).table();
    }

    private static Buffer written(Map<String, ?> table) {
        Buffer bytes = Encoded.written(out -> out.table(table));
        return bytes.getBuffer(Integer.BYTES, bytes.length());
    }
}
