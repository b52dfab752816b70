package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a query at its end (Bolt specification, SUCCESS of PULL and DISCARD).
 *
 * @param type {@code r}, {@code w}, {@code rw} or {@code s}; null: absent
 * @param statistics its changes, by the protocol's names: {@code nodes-created}, {@code properties-set}, ...; empty:
 *     none
 * @param plan the plan of the query, for EXPLAIN; null: absent
 * @param profile the profile of its execution, for PROFILE; null: absent
 * @param bookmark names the query's writes for later transactions, outside of transactions; null: absent
 * @param database in which it ran; null: the client's, or else {@link ServerNames#database}
 */
public record Summary(
        @Nullable String type,
        Map<String, @Nullable Object> statistics,
        List<ServerNotification> notifications,
        @Nullable Map<String, @Nullable Object> plan,
        @Nullable Map<String, @Nullable Object> profile,
        @Nullable String bookmark,
        @Nullable String database) {

    private static final Set<String> TYPES = Set.of("r", "w", "rw", "s");

    /** An empty summary. */
    public static final Summary EMPTY = of(null);

    /** The summary of a query that only read. */
    public static final Summary READ = of("r");

    public Summary {
        if (!isType(type)) {
            throw new IllegalArgumentException("type: another text (expected: r, w, rw or s)");
        }
    }

    /** Whether drivers know the type: of another one they make a failure. */
    public static boolean isType(@Nullable String type) {
        return type == null || TYPES.contains(type);
    }

    /** @param type {@code r}, {@code w}, {@code rw} or {@code s} */
    public static Summary of(@Nullable String type) {
        return new Summary(type, Map.of(), List.of(), null, null, null, null);
    }

    /** The summary of a query that wrote. */
    public static Summary wrote(Map<String, @Nullable Object> statistics) {
        return new Summary("w", statistics, List.of(), null, null, null, null);
    }

    /** The same with notifications. */
    public Summary with(List<ServerNotification> notifications) {
        return new Summary(type, statistics, notifications, plan, profile, bookmark, database);
    }

    /** The same with a bookmark. */
    public Summary with(String bookmark) {
        return new Summary(type, statistics, notifications, plan, profile, bookmark, database);
    }

    Map<String, @Nullable Object> fields(BoltVersion version, QueryOutcome outcome) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        put(fields, "type", type);
        put(fields, "stats", statistics.isEmpty() ? null : statistics);
        put(fields, "plan", plan);
        put(fields, "profile", profile);
        put(fields, "bookmark", bookmark);
        if (version.hasClassifications()) {
            fields.put(
                    "statuses",
                    ServerNotification.statuses(notifications, isExplained() ? QueryOutcome.OMITTED : outcome));
        } else if (!notifications.isEmpty()) {
            fields.put(
                    "notifications",
                    notifications.stream().map(ServerNotification::old).toList());
        }
        return fields;
    }

    private boolean isExplained() {
        return plan != null && profile == null;
    }

    private static void put(Map<String, @Nullable Object> fields, String key, @Nullable Object value) {
        if (value != null) {
            fields.put(key, value);
        }
    }
}
