package dev.polywire.bridge;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What clients may do: nothing but what is listed. Addresses and actions are compared character by character, never as
 * patterns. A permission on a service implies the rooms of its handles, whose addresses are not known before; it does not
 * imply {@code <address>.raw} or {@code <address>.events}.
 */
public final class Permissions {

    /** What the bus uses itself; its reply addresses are counted up, so they can be guessed. */
    private static final String RESERVED = "__vertx";
    /** All actions, and messages without one. */
    private static final String ALL = "*";

    private static final Map<String, Set<String>> ROOM_ACTIONS =
            Map.of("streams", Set.of("next", "close"), "bindings", Set.of("status", "close"));
    private static final Pattern ROOM =
            Pattern.compile("(.+)\\.([a-z]+)\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Map<String, Set<String>> actions = new TreeMap<>();

    private Permissions() {}

    /**
     * Reads {@code [{address, actions}]}.
     *
     * <pre>
     *   {"address": "polywire.mongodb", "actions": ["find", "next"]}
     *   {"address": "news.latest",      "actions": "*"}               any action, and messages without one
     * </pre>
     */
    public static Permissions fromJson(List<Fields> allow) {
        Permissions permissions = new Permissions();
        for (Fields each : allow) {
            String address = address(each);
            permissions
                    .actions
                    .computeIfAbsent(address, first -> new TreeSet<>())
                    .addAll(actions(each));
            each.done();
        }
        return permissions;
    }

    /** @param action the header, or null when there is none */
    boolean permits(String address, @Nullable String action) {
        if (isReserved(address)) {
            return false;
        }
        Set<String> listed = actions.get(address);
        return listed != null
                ? listed.contains(ALL) || action != null && listed.contains(action)
                : action != null && inRoom(address, action);
    }

    /** Addresses that no permission opens. */
    static boolean isReserved(String address) {
        return address.startsWith(RESERVED);
    }

    private boolean inRoom(String address, String action) {
        var room = ROOM.matcher(address);
        return room.matches()
                && actions.containsKey(room.group(1))
                && ROOM_ACTIONS.getOrDefault(room.group(2), Set.of()).contains(action);
    }

    private static String address(Fields json) {
        String address = json.text("address");
        if (address.isEmpty() || address.length() > FrameJson.MAX_ADDRESS_CHARACTERS) {
            throw json.complaint(
                    "address",
                    address.length() + " characters (expected: 1 to " + FrameJson.MAX_ADDRESS_CHARACTERS + ")");
        }
        if (isReserved(address)) {
            throw json.complaint("address", "begins with " + RESERVED + " (expected: not one of the bus's own)");
        }
        if (address.contains(ALL)) {
            throw json.complaint("address", "holds * (expected: one exact address; patterns are not known)");
        }
        return address;
    }

    private static Set<String> actions(Fields json) {
        if (ALL.equals(json.valueOrNull("actions"))) {
            return Set.of(ALL);
        }
        FieldException unclear = json.complaint("actions", "unclear (expected: a list of actions, or \"*\" for all)");
        if (!json.has("actions")) {
            throw unclear;
        }
        Set<String> listed = new TreeSet<>(json.texts("actions"));
        if (listed.isEmpty() || listed.contains(ALL) || listed.contains("")) {
            throw unclear;
        }
        return listed;
    }
}
