package dev.polywire.mongodb.wire;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * What a server of today can answer a request with, each with the number of its hazard, on a connection with noop, snappy and
 * zlib; zstd was offered, but is none of the server's. {@link HostileReplies} are those on one without compression.
 */
public final class HazardousReplies {

    public static final List<Compressor> OFFERED = Compressors.usable(List.of("noop", "snappy", "zlib", "zstd"), -1);

    private static final AbuseVectors ABUSE = AbuseVectors.of("mongo");
    private static final int MANY_KEYS = 20_000;

    /** @param hazard its number */
    public record Hazard(String hazard, Buffer bytes, String outcome) {

        @Override
        public String toString() {
            return hazard + " " + outcome;
        }
    }

    private HazardousReplies() {}

    public static List<Hazard> all() {
        return Stream.concat(
                        HostileReplies.rows()
                                .filter(row -> row.id().matches("M(0[1-9]|1\\d|2[0-8]|37).*"))
                                .map(row -> new Hazard(row.id().substring(0, 3), row.bytes(), row.outcome())),
                        ofCompression())
                .toList();
    }

    private static Stream<Hazard> ofCompression() {
        Buffer ok = new OpMsg(Documents.OK).write(7, 1, 1_000);
        Buffer body = ok.getBuffer(MessageHeader.BYTES, ok.length());
        Compressor zlib = Objects.requireNonNull(Compressors.named("zlib", -1));
        Compressor zstd = Objects.requireNonNull(Compressors.named("zstd", -1));
        return Stream.of(
                new Hazard("M05", ok, "Reply"),
                new Hazard(
                        "M12", Vectors.read("mongo-negative.txt").get("crc_bad").bytes(), "FRAMING"),
                new Hazard("M16", ok, "responseTo"),
                abuse("M29", "Reply"),
                abuse("M30", "FRAMING"),
                abuse("M31", "LIMIT"),
                new Hazard("M32", compressed(body.length() + 1, 2, zlib.compress(body)), "FRAMING"),
                abuse("M33", "FRAMING"),
                abuse("M34", "FRAMING"),
                abuse("M35", "FRAMING"),
                new Hazard("M36", compressed(100, 1, Vectors.bytes("ffffffff07 0061")), "LIMIT"),
                new Hazard("M38", new OpMsg(oddKeys()).write(7, 1, 1_000), "Reply"),
                new Hazard("M38", new OpMsg(manyKeys()).write(7, 1, 1_000_000), "Reply"),
                new Hazard("M39", compressed(body.length(), 3, zstd.compress(body)), "FRAMING"),
                new Hazard(
                        "M42", new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of()).write(7, 1, 1_000), "FRAMING"));
    }

    private static Hazard abuse(String id, String outcome) {
        return new Hazard(id, ABUSE.get(id).bytes(), outcome);
    }

    private static Buffer compressed(int declared, int id, Buffer data) {
        return new OpCompressed(OpMsg.OP_CODE, declared, id, data).write(7, 1, 1_000);
    }

    /** {@code {ok: 1.0, ok: 1.0, "": 1, $gt: ""}}. */
    private static Buffer oddKeys() {
        Buffer ok = Documents.OK;
        Buffer field = ok.getBuffer(4, ok.length() - 1);
        Buffer odd = Documents.bson("{'': 1, '$gt': ''}");
        Buffer all = Buffer.buffer()
                .appendIntLE(0)
                .appendBuffer(field)
                .appendBuffer(field)
                .appendBuffer(odd, 4, odd.length() - 4);
        return all.setIntLE(0, all.length());
    }

    private static Buffer manyKeys() {
        BsonDocument many = new BsonDocument("ok", new BsonInt32(1));
        for (int i = 0; i < MANY_KEYS; i++) {
            many.put("k" + i, new BsonInt32(i));
        }
        return Documents.bson(many);
    }
}
