package dev.polywire.testing;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Hostile streams, from {@code src/test/resources/data/abuse-vectors.json}; one that only repeats itself is made here. */
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
            if (!id.equals("A27")) {
                throw new IllegalArgumentException(id + ": nobody makes it yet");
            }
            return emptyBodies();
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
}
