package dev.polywire.testing;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.zip.Deflater;

/** Hostile streams, from {@code src/test/resources/data/abuse-vectors.json}; large ones are made here. */
public record AbuseVectors(List<AbuseVector> all) {

    /**
     * What a hostile peer sends.
     *
     * @param role who of ours receives it: {@code client}, {@code server} or {@code server+client}
     * @param hex null: made by its id
     * @param sizeBytes of the stream
     */
    public record AbuseVector(String id, String protocol, String role, String name, String hex, int sizeBytes) {

        public Buffer bytes() {
            return hex == null ? made() : Vectors.bytes(hex);
        }

        private Buffer made() {
            return switch (id) {
                case "M33" -> compressedBomb();
                case "A27" -> emptyBodies();
                case "S07" -> framed("[".repeat(100_000));
                case "S10" -> framed("1".repeat(1_000_000));
                default -> throw new IllegalArgumentException(id + ": nobody makes it yet");
            };
        }

        @Override
        public String toString() {
            return id + " " + name;
        }
    }

    /** Of one protocol: {@code mongo}, {@code bolt}, {@code amqp091}, {@code eventstore}, ... */
    public static AbuseVectors of(String protocol) {
        JsonArray vectors = new JsonObject(Vectors.resource("/data/abuse-vectors.json")).getJsonArray("vectors");
        return new AbuseVectors(vectors.stream()
                .map(JsonObject.class::cast)
                .filter(vector -> vector.getString("protocol").equals(protocol))
                .map(vector -> new AbuseVector(
                        vector.getString("id"),
                        protocol,
                        vector.getString("sutRole"),
                        vector.getString("name"),
                        vector.getString("hex"),
                        vector.getInteger("bytes")))
                .toList());
    }

    /** The vector with this id, which must be there. */
    public AbuseVector get(String id) {
        return all.stream()
                .filter(vector -> vector.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(id));
    }

    /** AMQP: a delivery whose body never comes. */
    private static Buffer emptyBodies() {
        Buffer bytes = Vectors.bytes("01000100000014003c003c0263740000000000000001000002726bce"
                + "0200010000000e003c000000000000000000050000ce");
        for (int i = 0; i < 1_000; i++) {
            bytes.appendBuffer(Vectors.bytes("03000100000000ce"));
        }
        return bytes;
    }

    private static Buffer framed(String text) {
        return Buffer.buffer().appendInt(text.length()).appendString(text);
    }

    /** MongoDB's OP_COMPRESSED: 64 MiB of zeros that say they are 100 bytes. */
    private static Buffer compressedBomb() {
        byte[] zeros = new byte[64 * 1024];
        byte[] part = new byte[64 * 1024];
        Buffer deflated = Buffer.buffer();
        Deflater deflater = new Deflater();
        for (int i = 0; i < 1024; i++) {
            deflater.setInput(zeros);
            for (int n = deflater.deflate(part); n > 0; n = deflater.deflate(part)) {
                deflated.appendBytes(part, 0, n);
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            deflated.appendBytes(part, 0, deflater.deflate(part));
        }
        deflater.end();
        return Buffer.buffer()
                .appendIntLE(16 + 9 + deflated.length())
                .appendIntLE(7)
                .appendIntLE(1)
                .appendIntLE(2012)
                .appendIntLE(2013)
                .appendIntLE(100)
                .appendByte((byte) 2)
                .appendBuffer(deflated);
    }
}
