package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.bson.BsonBinaryReader;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/**
 * A legacy query may have what it asks for in a field, and its options beside it (manual of MongoDB 3.6, "OP_QUERY").
 *
 * <pre>
 *   {$query: {a: 1}, $orderby: {b: 1}, $readPreference: {..}}
 * </pre>
 */
public final class QueryWrapper {

    private static final Set<String> NAMES = Set.of("$query", "query");

    private QueryWrapper() {}

    /** Whether the first field has a wrapper's name. Safe on any bytes. */
    static boolean isNamed(Buffer document) {
        return NAMES.contains(BsonFields.firstName(document));
    }

    /**
     * What is inside: there may be another field of that name, which is then one to look for.
     *
     * @param checked of an OP_QUERY
     * @return null: it is no wrapper
     */
    public static @Nullable Buffer opened(Buffer checked) {
        if (!isNamed(checked)) {
            return null;
        }
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            in.readStartDocument();
            in.readBsonType();
            in.skipName();
            return in.getCurrentBsonType() == BsonType.DOCUMENT ? BsonFields.document(checked, in) : null;
        }
    }

    /** The command inside all wrappers: no command has such a name. @param checked of an OP_QUERY that is a command */
    static Buffer command(Buffer checked) {
        Buffer command = checked;
        for (Buffer inner = opened(command); inner != null; inner = opened(command)) {
            command = inner;
        }
        return command;
    }
}
