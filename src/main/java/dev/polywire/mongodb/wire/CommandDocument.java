package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Adds our fields to a caller's command in bytes.
 *
 * <pre>
 *   int32 length | the caller's elements | 02 "$db" string | [ 12 "maxTimeMS" int64 ] | 00
 * </pre>
 */
public final class CommandDocument {

    public static final String DATABASE = "$db";
    /** Server-side time limit of a command, milliseconds. */
    public static final String MAX_TIME_MILLIS = "maxTimeMS";

    /** Room for both fields beside the database's name. */
    private static final int FIELDS_BYTES = 64;

    private CommandDocument() {}

    /**
     * @param checked the caller's command, which has passed {@link BsonBounds#check}; not changed
     * @param maxTimeMillis null: none is added; none is added either when the caller has set one
     * @throws ProtocolException DECODE when the command has {@code $db}, which the caller must not set, or has no field, and
     *     when the database's name has no UTF-8
     */
    public static Buffer complete(Buffer checked, String database, @Nullable Long maxTimeMillis) {
        if (BsonFields.firstName(checked).isEmpty()) {
            throw ProtocolException.decode("command: empty (expected: its name first)");
        }
        if (BsonFields.has(checked, DATABASE)) {
            throw ProtocolException.decode(DATABASE + ": present (expected: absent, it is not the caller's)");
        }
        if (!Utf8.isUnicode(database)) {
            throw ProtocolException.decode(DATABASE + ": " + Utf8.NOT_UNICODE);
        }
        byte[] name = database.getBytes(StandardCharsets.UTF_8);
        return BsonOut.appended(checked, name.length + FIELDS_BYTES, out -> {
            BsonOut.string(out, DATABASE, name);
            if (maxTimeMillis != null && !BsonFields.has(checked, MAX_TIME_MILLIS)) {
                out.u8(BsonElements.INT64).cstring(MAX_TIME_MILLIS).int64LE(maxTimeMillis);
            }
        });
    }
}
