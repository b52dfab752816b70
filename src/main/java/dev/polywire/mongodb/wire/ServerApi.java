package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The Stable API that a client declares, on every command and getMore (versioned API specification). With it a connection
 * begins with {@code hello}, not with {@code isMaster}.
 *
 * <pre>
 *   int32 length | the command's elements | 02 "apiVersion" "1" | [ 08 "apiStrict" ] | [ 08 "apiDeprecationErrors" ] | 00
 * </pre>
 *
 * @param version "1", the only one there is
 * @param strict whether commands outside the API are refused; null: the server's default
 * @param deprecationErrors whether what is deprecated in it is refused; null: the server's default
 */
public record ServerApi(
        String version, @Nullable Boolean strict, @Nullable Boolean deprecationErrors) {

    private static final String VERSION = "apiVersion";
    private static final String STRICT = "apiStrict";
    private static final String DEPRECATION_ERRORS = "apiDeprecationErrors";

    /** Room for all fields. */
    private static final int FIELDS_BYTES = 64;

    /** @throws IllegalArgumentException for another version */
    public ServerApi {
        if (!version.equals("1")) {
            throw new IllegalArgumentException("serverApi.version: another one (expected: 1)");
        }
    }

    /**
     * A copy of a command with the fields of the API behind its own.
     *
     * @param checked a command that has passed {@link BsonBounds#check}
     * @throws ProtocolException DECODE when it has one of them, which is not the caller's
     */
    public Buffer addTo(Buffer checked) {
        for (String name : new String[] {VERSION, STRICT, DEPRECATION_ERRORS}) {
            if (BsonFields.has(checked, name)) {
                throw ProtocolException.decode(name + ": present (expected: absent, serverApi declares it)");
            }
        }
        return BsonOut.appended(checked, FIELDS_BYTES, out -> {
            BsonOut.string(out, VERSION, version.getBytes(StandardCharsets.US_ASCII));
            flag(out, STRICT, strict);
            flag(out, DEPRECATION_ERRORS, deprecationErrors);
        });
    }

    private static void flag(ByteWriter out, String name, @Nullable Boolean value) {
        if (value != null) {
            out.u8(BsonElements.BOOLEAN).cstring(name).u8(value ? 1 : 0);
        }
    }
}
