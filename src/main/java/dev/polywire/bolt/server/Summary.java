package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a query at its end (Bolt specification, SUCCESS of PULL and DISCARD).
 *
 * @param type {@code r}, {@code w}, {@code rw} or {@code s}; null: not said
 * @param statistics what it changed, by the protocol's names: {@code nodes-created}, {@code properties-set}, ...; empty:
 *     nothing
 * @param plan how it would be run, for EXPLAIN; null: not said
 * @param profile how it was run, for PROFILE; null: not said
 * @param bookmark what later transactions name to see its writes, outside of transactions; null: not said
 */
public record Summary(
        @Nullable String type,
        Map<String, @Nullable Object> statistics,
        List<ServerNotification> notifications,
        @Nullable Map<String, @Nullable Object> plan,
        @Nullable Map<String, @Nullable Object> profile,
        @Nullable String bookmark) {

    /** Nothing to say. */
    public static final Summary EMPTY = of(null);

    /** Of a query that only read. */
    public static final Summary READ = of("r");

    /** @param type {@code r}, {@code w}, {@code rw} or {@code s} */
    public static Summary of(@Nullable String type) {
        return new Summary(type, Map.of(), List.of(), null, null, null);
    }

    /** Of a query that wrote. */
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
