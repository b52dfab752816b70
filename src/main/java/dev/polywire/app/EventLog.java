package dev.polywire.app;

import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of the events of connectors: each change of state once, with its first reason; further attempts only have
 * other reasons, which {@code status} has. Refusals of a configuration are warnings, connections of a server for debugging.
 */
final class EventLog {

    private static final Logger LOG = System.getLogger("dev.polywire");

    /** By instance, until it is closed. */
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    private record Said(String state, boolean hasReason) {}

    /** @param event as {@code <address>.events} has it */
    void event(JsonObject event) {
        part(event, "connection", Level.DEBUG);
        part(event, "configured", Level.WARNING);
        String instance = event.getString("instance");
        String reason = event.getString("reason");
        Said now = new Said(event.getString("state"), reason != null);
        if (isNews(said.get(instance), now)) {
            said.put(instance, now);
            LOG.log(
                    Level.INFO,
                    event.getString("name") + " (" + event.getString("target") + ") is " + now.state
                            + (reason == null ? "" : ": " + reason));
        }
        if (now.state.equals("closed")) {
            said.remove(instance);
        }
    }

    private static boolean isNews(@Nullable Said before, Said now) {
        return before == null || !before.state.equals(now.state) || now.hasReason && !before.hasReason;
    }

    private static void part(JsonObject event, String field, Level level) {
        JsonObject part = event.getJsonObject(field);
        if (part != null) {
            LOG.log(level, () -> event.getString("name") + " " + field + " " + part.encode());
        }
    }
}
