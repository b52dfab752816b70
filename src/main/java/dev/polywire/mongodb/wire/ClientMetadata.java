package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bson.BsonBinaryWriter;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's identity in the hello: the {@code client} document (handshake specification), at most 512 bytes. Beyond
 * that, parts are left out in this order: env except its name, os except its type, env, the end of platform.
 *
 * @param applicationName at most 128 bytes; null: left out
 * @param driverName at most 64 bytes
 * @param driverVersion at most 64 bytes
 * @param os its {@code type} (at most 64 bytes) and perhaps name, architecture, version
 * @param platform the runtime; null: left out
 * @param env the cloud function we run in, with its {@code name}; empty: none
 */
public record ClientMetadata(
        @Nullable String applicationName,
        String driverName,
        String driverVersion,
        Map<String, String> os,
        @Nullable String platform,
        Map<String, String> env) {

    static final int MAX_BYTES = 512;
    private static final int MAX_APPLICATION_NAME_BYTES = 128;
    private static final int MAX_NAME_BYTES = 64;

    public ClientMetadata {
        atMost("application name", applicationName == null ? "" : applicationName, MAX_APPLICATION_NAME_BYTES);
        atMost("driver name", driverName, MAX_NAME_BYTES);
        atMost("driver version", driverVersion, MAX_NAME_BYTES);
        atMost("os type", os.getOrDefault("type", "unknown"), MAX_NAME_BYTES);
        os = Collections.unmodifiableMap(new LinkedHashMap<>(os));
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
    }

    /** Driver "polywire", without details of the system. */
    public ClientMetadata(@Nullable String applicationName, String driverVersion) {
        this(applicationName, "polywire", driverVersion, Map.of(), null, Map.of());
    }

    /** The {@code client} document. */
    Buffer document() {
        Map<String, String> osType = only(os, "type");
        Buffer document = write(os, platform, env);
        if (document.length() > MAX_BYTES) {
            document = write(os, platform, only(env, "name"));
        }
        if (document.length() > MAX_BYTES) {
            document = write(osType, platform, only(env, "name"));
        }
        if (document.length() > MAX_BYTES) {
            document = write(osType, platform, Map.of());
        }
        if (document.length() > MAX_BYTES && platform != null) {
            document = write(osType, shortened(platform, document.length() - MAX_BYTES), Map.of());
        }
        return document;
    }

    private Buffer write(Map<String, String> os, @Nullable String platform, Map<String, String> env) {
        BasicOutputBuffer bytes = new BasicOutputBuffer(MAX_BYTES);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            out.writeStartDocument();
            if (applicationName != null) {
                writeAll(out, "application", Map.of("name", applicationName));
            }
            out.writeStartDocument("driver");
            out.writeString("name", driverName);
            out.writeString("version", driverVersion);
            out.writeEndDocument();
            out.writeStartDocument("os");
            out.writeString("type", os.getOrDefault("type", "unknown"));
            os.forEach((name, text) -> {
                if (!name.equals("type")) {
                    out.writeString(name, text);
                }
            });
            out.writeEndDocument();
            if (platform != null && !platform.isEmpty()) {
                out.writeString("platform", platform);
            }
            if (!env.isEmpty()) {
                writeAll(out, "env", env);
            }
            out.writeEndDocument();
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    private static void writeAll(BsonBinaryWriter out, String name, Map<String, String> fields) {
        out.writeStartDocument(name);
        fields.forEach(out::writeString);
        out.writeEndDocument();
    }

    private static Map<String, String> only(Map<String, String> fields, String name) {
        String text = fields.get(name);
        return text == null ? Map.of() : Map.of(name, text);
    }

    /** {@code text} without at least {@code overBytes} bytes at its end, cut between two characters. */
    private static String shortened(String text, int overBytes) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.max(0, utf8.length - overBytes);
        while (end > 0 && (utf8[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(utf8, 0, end, StandardCharsets.UTF_8);
    }

    private static void atMost(String what, String text, int maxBytes) {
        if (!Utf8.isUnicode(text)) {
            throw new IllegalArgumentException(what + ": " + Utf8.NOT_UNICODE);
        }
        long count = Utf8.bytes(text);
        if (count > maxBytes) {
            throw new IllegalArgumentException(what + ": " + count + " bytes (expected: <= " + maxBytes + ")");
        }
    }
}
