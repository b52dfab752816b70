package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification about a query: {@code notifications} before Bolt 5.6, {@code statuses} from there on.
 *
 * @param code {@code Neo.ClientNotification.Statement.CartesianProduct} and the like
 * @param title one line
 * @param description for people
 * @param severity {@code WARNING} or {@code INFORMATION}
 * @param category {@code PERFORMANCE}, {@code DEPRECATION}, ...
 * @param gqlStatus five characters: {@code 03N90}
 */
public record ServerNotification(
        String code, String title, String description, String severity, String category, String gqlStatus) {

    /** A warning with GQL's status for warnings of all kinds. */
    public static ServerNotification warning(String code, String title, String description, String category) {
        return new ServerNotification(code, title, description, "WARNING", category, "01N42");
    }

    static Map<String, @Nullable Object> fields(List<ServerNotification> notifications, BoltVersion version) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        if (!version.hasClassifications()) {
            notifications.forEach(each -> all.add(each.old()));
            return Map.of("notifications", all);
        }
        // The outcome of the query itself comes first.
        all.add(status("00000", "note: successful completion", Map.of()));
        notifications.forEach(each -> all.add(each.status()));
        return Map.of("statuses", all);
    }

    private Map<String, @Nullable Object> old() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("code", code);
        fields.put("title", title);
        fields.put("description", description);
        fields.put("severity", severity);
        fields.put("category", category);
        return fields;
    }

    private Map<String, @Nullable Object> status() {
        Map<String, @Nullable Object> fields =
                status(gqlStatus, description, Map.of("_severity", severity, "_classification", category));
        fields.put("neo4j_code", code);
        fields.put("title", title);
        fields.put("description", description);
        return fields;
    }

    private static Map<String, @Nullable Object> status(
            String gqlStatus, String description, Map<String, @Nullable Object> diagnostics) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("gql_status", gqlStatus);
        fields.put("status_description", description);
        fields.put("diagnostic_record", diagnostics);
        return fields;
    }
}
