package dev.polywire.bolt.service;

import dev.polywire.bolt.server.ServerNotification;
import dev.polywire.bolt.server.Summary;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Summary} as JSON, with the protocol's names, so that the summary of a Bolt connector can be passed on. */
final class SummaryJson {

    /** Fields about another server's own result: the client gets ours instead. */
    private static final List<String> OF_OTHERS =
            List.of("t_first", "t_last", "result_available_after", "result_consumed_after", "statuses");

    private SummaryJson() {}

    /** Reads a whole summary. */
    static Summary read(Fields json) {
        OF_OTHERS.forEach(json::valueOrNull);
        String type = json.textOrNull("type");
        if (!Summary.isType(type)) {
            throw json.complaint("type", "another text (expected: r, w, rw or s)");
        }
        Summary summary = new Summary(
                type,
                TypedJson.parameters(json.path() + ".stats", json.objectOrNull("stats")),
                json.objects("notifications").stream()
                        .map(SummaryJson::notification)
                        .toList(),
                map(json, "plan"),
                map(json, "profile"),
                json.textOrNull("bookmark"),
                json.textOrNull("db"));
        json.done();
        return summary;
    }

    private static ServerNotification notification(Fields json) {
        // The position in the query, which Bolt has and this server does not pass on.
        json.valueOrNull("position");
        String code = json.text("code");
        ServerNotification notification = new ServerNotification(
                code,
                json.text("title", code),
                json.text("description", ""),
                json.text("severity", "INFORMATION"),
                json.text("category", "GENERIC"),
                json.text("gqlStatus", "01N42"));
        json.done();
        return notification;
    }

    private static @Nullable Map<String, @Nullable Object> map(Fields json, String name) {
        JsonObject object = json.objectOrNull(name);
        return object == null ? null : TypedJson.parameters(json.path() + "." + name, object);
    }
}
