package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 */
public record Summary(
        @Nullable String type,
        Map<String, @Nullable Object> statistics,
        List<ServerNotification> notifications,
        @Nullable Map<String, @Nullable Object> plan,
        @Nullable Map<String, @Nullable Object> profile,
        @Nullable String bookmark) {

    /** An empty summary. */
    public static final Summary EMPTY = of(null);

    /** The summary of a query that only read. */
    public static final Summary READ = of("r");

    /** @param type {@code r}, {@code w}, {@code rw} or {@code s} */
    public static Summary of(@Nullable String type) {
        return new Summary(type, Map.of(), List.of(), null, null, null);
    }

    /** The summary of a query that wrote. */
    public static Summary wrote(Map<String, @Nullable Object> statistics) {
        return new Summary("w", statistics, List.of(), null, null, null);
    }

    /** The same with notifications. */
    public Summary with(List<ServerNotification> notifications) {
        return new Summary(type, statistics, notifications, plan, profile, bookmark);
    }

    /** The same with a bookmark. */
    public Summary with(String bookmark) {
        return new Summary(type, statistics, notifications, plan, profile, bookmark);
    }

    Map<String, @Nullable Object> fields(BoltVersion version) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        put(fields, "type", type);
        put(fields, "stats", statistics.isEmpty() ? null : statistics);
        put(fields, "plan", plan);
        put(fields, "profile", profile);
        put(fields, "bookmark", bookmark);
        if (!notifications.isEmpty()) {
            fields.putAll(ServerNotification.fields(notifications, version));
        }
        return fields;
    }

    private static void put(Map<String, @Nullable Object> fields, String key, @Nullable Object value) {
        if (value != null) {
            fields.put(key, value);
        }
    }
}
