package dev.polywire.bridge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The hostile byte streams for the bridge, by id. */
final class BridgeVectors {

    private BridgeVectors() {}

    static Map<String, byte[]> all() {
        Map<String, byte[]> all = new TreeMap<>();
        try (InputStream in = BridgeVectors.class.getResourceAsStream("/data/abuse-vectors.json")) {
            for (Object each : new JsonObject(Buffer.buffer(in.readAllBytes())).getJsonArray("vectors")) {
                JsonObject vector = (JsonObject) each;
                if (vector.getString("protocol").equals("tcp-bridge")) {
                    all.put(vector.getString("id"), HexFormat.of().parseHex(vector.getString("hex")));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return all;
    }
}
