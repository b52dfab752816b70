package dev.polywire.bench;

import dev.polywire.mongodb.service.ExtendedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.bson.json.JsonMode;
import org.bson.json.JsonReader;
import org.bson.json.JsonWriterSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A stored document to JSON and back: ours, checks included, and the way through text that the BSON library offers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Documents {

    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();
    private static final JsonWriterSettings RELAXED =
            JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();

    private final JsonObject json = new JsonObject()
            .put("_id", new JsonObject().put("$oid", "507f1f77bcf86cd799439011"))
            .put("name", "Jupiter")
            .put("orderFromSun", 5)
            .put("hasRings", true)
            .put("seen", new JsonObject().put("$date", "1610-01-07T00:00:00Z"))
            .put("mainAtmosphere", new JsonArray().add("H2").add("He").add("CH4"))
            .put("surfaceTemperatureC", new JsonObject().put("min", -145.5).put("mean", -108.0));
    private final Buffer bson = ExtendedJson.encode(json);
    private final byte[] bytes = bson.getBytes();

    @Benchmark
    public JsonObject decode() {
        return ExtendedJson.decode(bson, false);
    }

    @Benchmark
    public JsonObject decodeThroughText() {
        try (BsonBinaryReader in = new BsonBinaryReader(ByteBuffer.wrap(bytes))) {
            return new JsonObject(
                    CODEC.decode(in, DecoderContext.builder().build()).toJson(RELAXED));
        }
    }

    @Benchmark
    public Buffer encode() {
        return ExtendedJson.encode(json);
    }

    @Benchmark
    public byte[] encodeThroughText() {
        BasicOutputBuffer out = new BasicOutputBuffer();
        try (BsonBinaryWriter writer = new BsonBinaryWriter(out);
                JsonReader in = new JsonReader(json.encode())) {
            CODEC.encode(
                    writer,
                    CODEC.decode(in, DecoderContext.builder().build()),
                    EncoderContext.builder().build());
        }
        return out.toByteArray();
    }
}
