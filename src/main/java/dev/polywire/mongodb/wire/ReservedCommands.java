package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Printable;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Set;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may not do, because the connection is also that of others: change who it is, how it talks, or whose the next
 * reply is. Each method gives a complaint, or null when a command may be sent. The connection's own commands do not come this way.
 */
public final class ReservedCommands {

    private static final Set<String> NAMES = Set.of("authenticate", "logout", "getnonce");

    /** All others are of a handshake (client, compression, saslSupportedMechs), or make the server wait (topologyVersion). */
    private static final Set<String> IN_HELLO = Set.of(
            "helloOk",
            "comment",
            "maxTimeMS",
            "lsid",
            "$db",
            "$clusterTime",
            "$readPreference",
            "apiVersion",
            "apiStrict",
            "apiDeprecationErrors");

    private static final int MAX_NAME_CHARACTERS = 64;

    private ReservedCommands() {}

    /** @param checked a command that has passed {@link BsonBounds#check} */
    public static @Nullable String complaint(Buffer checked) {
        String first = BsonFields.firstName(checked);
        String name = first.toLowerCase(Locale.ROOT);
        if (NAMES.contains(name) || name.startsWith("sasl") || name.startsWith("copydb")) {
            return "command: " + shown(first) + " (expected: another, the connection logs in by itself)";
        }
        return HelloCommand.NAMES.contains(name) ? ofHello(checked, first) : null;
    }

    /** Of an OP_MSG of a caller. */
    public static @Nullable String complaint(OpMsg message) {
        return (message.flagBits() & OpMsg.EXHAUST_ALLOWED) != 0
                ? "exhaustAllowed: set (expected: not, the connection is also that of others)"
                : complaint(message.body());
    }

    /** Of an OP_QUERY of a caller; its command may stand in a wrapper. */
    public static @Nullable String complaint(OpQuery query) {
        if ((query.flags() & OpQuery.EXHAUST) != 0) {
            return "Exhaust: set (expected: not, the connection is also that of others)";
        }
        BsonBounds.check(query.query());
        return query.isCommand() ? complaint(QueryWrapper.command(query.query())) : null;
    }

    private static @Nullable String ofHello(Buffer checked, String first) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            in.readStartDocument();
            in.readBsonType();
            in.skipName();
            in.skipValue();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                String name = in.readName();
                if (!IN_HELLO.contains(name)) {
                    return "command: " + shown(first) + " with " + shown(name)
                            + " (expected: a plain one, the handshake is the connection's)";
                }
                in.skipValue();
            }
            return null;
        }
    }

    private static String shown(String name) {
        String line = Printable.line(name);
        return line.length() > MAX_NAME_CHARACTERS ? line.substring(0, MAX_NAME_CHARACTERS) : line;
    }
}
