package dev.polywire.bolt.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The notifications that a client wants. Omitted before Bolt 5.2, whose servers send all of them.
 *
 * @param minimumSeverity {@code INFORMATION}, {@code WARNING} or {@code OFF}; null: the server's default
 * @param disabled categories, from 5.6 on called classifications; null: the server's default
 */
public record NotificationFilter(
        @Nullable String minimumSeverity, @Nullable List<String> disabled) {

    /** The server's defaults. */
    public static final NotificationFilter DEFAULT = new NotificationFilter(null, null);

    /**
     * The filter of a query, given that of its connection, as Neo4j 5.26 has it: each field counts that is given here, else
     * there; {@code OFF} there counts only while nothing is given here.
     */
    NotificationFilter within(NotificationFilter connection) {
        if (equals(DEFAULT)) {
            return connection;
        } else if ("OFF".equalsIgnoreCase(connection.minimumSeverity)) {
            return this;
        }
        return new NotificationFilter(
                minimumSeverity == null ? connection.minimumSeverity : minimumSeverity,
                disabled == null ? connection.disabled : disabled);
    }

    static NotificationFilter read(Extras extra) {
        List<String> categories = extra.texts(ExtraField.DISABLED_CATEGORIES.key);
        List<String> classifications = extra.texts(ExtraField.DISABLED_CLASSIFICATIONS.key);
        return new NotificationFilter(
                extra.text(ExtraField.MINIMUM_SEVERITY.key), categories == null ? classifications : categories);
    }

    /** The fields of the filter in this version. */
    Map<String, @Nullable Object> fields(BoltVersion version) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (minimumSeverity != null && ExtraField.MINIMUM_SEVERITY.isIn(version)) {
            fields.put(ExtraField.MINIMUM_SEVERITY.key, minimumSeverity);
        }
        for (ExtraField field : List.of(ExtraField.DISABLED_CATEGORIES, ExtraField.DISABLED_CLASSIFICATIONS)) {
            if (disabled != null && field.isIn(version)) {
                fields.put(field.key, disabled);
            }
        }
        return fields;
    }
}
