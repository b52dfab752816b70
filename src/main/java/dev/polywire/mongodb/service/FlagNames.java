package dev.polywire.mongodb.service;

import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The flags of one kind of message in JSON: a list of the specification's names, {@code ["SlaveOk", "AwaitData"]}. A bit that
 * has no name there is {@code bit20}, so that what a server has set can be read and sent again.
 */
final class FlagNames {

    static final FlagNames OP_MSG = new FlagNames(Map.of(0, "checksumPresent", 1, "moreToCome", 16, "exhaustAllowed"));
    static final FlagNames OP_REPLY =
            new FlagNames(Map.of(0, "CursorNotFound", 1, "QueryFailure", 2, "ShardConfigStale", 3, "AwaitCapable"));
    static final FlagNames OP_QUERY = new FlagNames(Map.of(
            1, "TailableCursor",
            2, "SlaveOk",
            3, "OplogReplay",
            4, "NoCursorTimeout",
            5, "AwaitData",
            6, "Exhaust",
            7, "Partial"));
    static final FlagNames OP_INSERT = new FlagNames(Map.of(0, "ContinueOnError"));
    static final FlagNames OP_UPDATE = new FlagNames(Map.of(0, "Upsert", 1, "MultiUpdate"));
    static final FlagNames OP_DELETE = new FlagNames(Map.of(0, "SingleRemove"));

    private final String[] names = new String[Integer.SIZE];
    private final String expected;

    private FlagNames(Map<Integer, String> named) {
        Arrays.setAll(names, bit -> named.getOrDefault(bit, "bit" + bit));
        List<String> known = named.keySet().stream().sorted().map(named::get).toList();
        expected = " (expected: one of " + known + ", or such as bit31 for one without a name)";
    }

    /** The flags in a field, none when it is absent. @throws dev.polywire.core.json.FieldException for a name that is none */
    int read(Fields json, String field) {
        int flags = 0;
        int index = 0;
        for (String name : json.texts(field)) {
            int bit = Arrays.asList(names).indexOf(name);
            if (bit < 0) {
                throw json.complaint(field + "[" + index + "]", "unknown" + expected);
            }
            flags |= 1 << bit;
            index++;
        }
        return flags;
    }

    JsonArray write(int flags) {
        JsonArray set = new JsonArray();
        for (int bit = 0; bit < names.length; bit++) {
            if ((flags >>> bit & 1) != 0) {
                set.add(names[bit]);
            }
        }
        return set;
    }
}
