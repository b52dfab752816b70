package dev.polywire.bolt.server;

import java.util.ArrayList;
import java.util.Comparator;
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

    private static final List<String> KINDS = List.of("02", "01", "00");

    /** A warning with GQL's status for warnings of all kinds. */
    public static ServerNotification warning(String code, String title, String description, String category) {
        return new ServerNotification(code, title, description, "WARNING", category, "01N42");
    }

    /** Those of a query, with its outcome: in GQL's order, which is that of Neo4j. */
    static List<Map<String, @Nullable Object>> statuses(List<ServerNotification> notifications, QueryOutcome outcome) {
        if (notifications.isEmpty()) {
            return List.of(outcome.status);
        }
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        notifications.forEach(each -> all.add(each.status()));
        all.add(outcome.status);
        all.sort(Comparator.comparingInt(each -> rank(String.valueOf(each.get("gql_status")))));
        return all;
    }

    /** Among the statuses of a query: no data, warnings, success, and everything else. */
    private static int rank(String gqlStatus) {
        for (String kind : KINDS) {
            if (gqlStatus.startsWith(kind)) {
                return KINDS.indexOf(kind);
            }
        }
        return KINDS.size();
    }

    /** Before Bolt 5.6. */
    Map<String, @Nullable Object> old() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("code", code);
        fields.put("title", title);
        fields.put("description", description);
        fields.put("severity", severity);
        fields.put("category", category);
        return fields;
    }

    private Map<String, @Nullable Object> status() {
        Map<String, @Nullable Object> fields = status(gqlStatus, description);
        fields.put("diagnostic_record", Map.of("_severity", severity, "_classification", category));
        fields.put("neo4j_code", code);
        fields.put("title", title);
        fields.put("description", description);
        return fields;
    }

    /** What every status has. */
    static Map<String, @Nullable Object> status(String gqlStatus, String description) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("gql_status", gqlStatus);
        fields.put("status_description", description);
        return fields;
    }
}
