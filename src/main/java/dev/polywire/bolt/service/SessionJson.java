package dev.polywire.bolt.service;

import dev.polywire.bolt.server.ServerPeer;
import dev.polywire.bolt.server.ServerSession;
import dev.polywire.bolt.wire.NotificationFilter;
import dev.polywire.bolt.wire.TransactionOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.TreeSet;

/** The client and the options of a request, in the form of {@link BoltQueryService}. */
final class SessionJson {

    private SessionJson() {}

    /** @param request a unique name of the request */
    static JsonObject of(ServerSession session, String request) {
        ServerPeer peer = session.peer();
        return new JsonObject()
                .put("request", request)
                .put("user", session.user())
                .put("connection", peer.connectionId())
                .put("host", peer.host())
                .put("agent", peer.agent())
                .put("version", peer.version().toString())
                .put(
                        "certificateNames",
                        new JsonArray(
                                new TreeSet<>(peer.certificateNames()).stream().toList()));
    }

    /** Options that the client did not set are absent. */
    static JsonObject options(TransactionOptions options) {
        JsonObject json = new JsonObject().put("mode", options.readOnly() ? "read" : "write");
        if (options.database() != null) {
            json.put("database", options.database());
        }
        if (!options.bookmarks().isEmpty()) {
            json.put("bookmarks", new JsonArray(options.bookmarks()));
        }
        if (options.timeoutMillis() >= 0) {
            json.put("timeoutMillis", options.timeoutMillis());
        }
        if (!options.metadata().isEmpty()) {
            json.put("metadata", TypedJson.fields(options.metadata()));
        }
        if (options.impersonatedUser() != null) {
            json.put("impersonatedUser", options.impersonatedUser());
        }
        return notifications(json, options.notifications());
    }

    private static JsonObject notifications(JsonObject json, NotificationFilter wanted) {
        if (wanted.equals(NotificationFilter.DEFAULT)) {
            return json;
        }
        JsonObject filter = new JsonObject();
        if (wanted.minimumSeverity() != null) {
            filter.put("minimumSeverity", wanted.minimumSeverity());
        }
        if (wanted.disabled() != null) {
            filter.put("disabled", new JsonArray(wanted.disabled()));
        }
        return json.put("notifications", filter);
    }
}
