package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The names of known commands, found by their bytes, since each command is asked for its name several times. */
final class CommandNames {

    private static final int SLOTS = 512;
    private static final String[] TABLE = table();

    private CommandNames() {}

    /** The known name that these bytes are; null: none. */
    static @Nullable String known(Buffer bytes, int start, int end) {
        int hash = 0;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + bytes.getByte(at);
        }
        String name = TABLE[slot(hash)];
        return name != null && BsonElements.isAscii(bytes, start, end, name) ? name : null;
    }

    /** Of two names in the same slot one is made anew each time, as an unknown one is. */
    private static String[] table() {
        String[] table = new String[SLOTS];
        CommandKind.known().forEach(name -> table[slot(name.hashCode())] = name);
        return table;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 9 ^ hash >>> 18) & (SLOTS - 1);
    }
}
