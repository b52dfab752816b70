package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds our fields to a caller's command in bytes: the database when it is made, and what depends on the time and on the server when it
 * is sent.
 *
 * <pre>
 *   int32 length | the caller's elements | 02 "$db" string | 00
 *   int32 length | its elements | [ 12 "maxTimeMS" int64 ] | [ 03 "$readPreference" {mode: "primaryPreferred"} ] | 00
 * </pre>
 */
public final class CommandDocument {

    public static final String DATABASE = "$db";

    /** Server-side time limit of a command, milliseconds. */
    public static final String MAX_TIME_MILLIS = "maxTimeMS";

    private static final String READ_PREFERENCE = "$readPreference";

    private static final Buffer PRIMARY_PREFERRED =
            BsonOut.document(out -> out.writeString("mode", "primaryPreferred"));

    /** Those of a cursor that is open: it has the time and the read preference of the command that opened it. */
    private static final Set<String> OF_CURSORS = Set.of("getMore", "killCursors");

    /** Room for what is added at a time, beside the database's name. */
    private static final int FIELDS_BYTES = 96;

    private CommandDocument() {}

    /**
     * @param checked the caller's command, which has passed {@link BsonBounds#check}; not changed
     * @throws ProtocolException DECODE when the command has {@code $db}, which the caller must not set, or has no field, and
     *     when the database's name has no UTF-8
     */
    public static Buffer complete(Buffer checked, String database) {
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
        return BsonOut.appended(checked, name.length + FIELDS_BYTES, out -> BsonOut.string(out, DATABASE, name));
    }

    /**
     * Whether a command can be given {@code maxTimeMS}: it has none, and does not continue or end a cursor (find, getMore and
     * killCursors specification).
     */
    public static boolean takesMaxTime(Buffer checked) {
        return !OF_CURSORS.contains(BsonFields.firstName(checked)) && !BsonFields.has(checked, MAX_TIME_MILLIS);
    }

    /**
     * Whether a command must say that it may read from a secondary, because that is all it has (server selection specification,
     * "Topology type: Single"): its server is a member of a replica set, and the caller has not said what to read from. In a
     * transaction everything reads from the primary. A getMore reads where its cursor is; a hello reads nothing.
     */
    public static boolean lacksReadPreference(Buffer checked, HelloReply server) {
        if (!server.isMember()) {
            return false;
        }
        String name = BsonFields.firstName(checked);
        return !OF_CURSORS.contains(name)
                && !HelloCommand.NAMES.contains(name)
                && !BsonFields.has(checked, READ_PREFERENCE)
                && !BsonFields.has(checked, "autocommit");
    }

    /**
     * A copy of a command with what it gets when it is sent.
     *
     * @param maxTimeMillis at least 1; more than 2^31-1, which no server takes, counts as that; null: none
     * @param readPreference whether it gets {@code primaryPreferred}
     */
    public static Buffer sendable(Buffer checked, @Nullable Long maxTimeMillis, boolean readPreference) {
        return BsonOut.appended(checked, FIELDS_BYTES, out -> {
            if (maxTimeMillis != null) {
                out.u8(BsonElements.INT64).cstring(MAX_TIME_MILLIS).int64LE(Math.min(maxTimeMillis, Integer.MAX_VALUE));
            }
            if (readPreference) {
                out.u8(BsonElements.DOCUMENT).cstring(READ_PREFERENCE).bytes(PRIMARY_PREFERRED);
            }
        });
    }
}
