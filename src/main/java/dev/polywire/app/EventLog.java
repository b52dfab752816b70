package dev.polywire.app;

import dev.polywire.core.net.Monotonic;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of the events of connectors: each change of state once, with its first reason, as a warning; and once a
 * minute the newest reason, for as long as attempts go on to fail. {@code status} has all of them. Refusals of a configuration
 * are warnings, connections of a server for debugging.
 */
final class EventLog {

    private static final Logger LOG = System.getLogger("dev.polywire");
    private static final long AGAIN_MILLIS = 60_000;

    private final LongSupplier nowMillis;

    /** By instance, until it is closed. */
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    private record Said(String state, boolean hasReason, long atMillis) {}

    EventLog() {
        this(Monotonic::millis);
    }

    EventLog(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** @param event as {@code <address>.events} has it */
    void event(JsonObject event) {
        part(event, "connection", Level.DEBUG);
        part(event, "configured", Level.WARNING);
        String instance = event.getString("instance");
        String reason = event.getString("reason");
        Said now = new Said(event.getString("state"), reason != null, nowMillis.getAsLong());
        if (isNews(said.get(instance), now)) {
            said.put(instance, now);
            LOG.log(
                    reason == null ? Level.INFO : Level.WARNING,
                    event.getString("name") + " (" + event.getString("target") + ") is " + now.state
                            + (reason == null ? "" : ": " + reason));
        }
        if (now.state.equals("closed")) {
            said.remove(instance);
        }
    }

    private static boolean isNews(@Nullable Said before, Said now) {
        return before == null
                || !before.state.equals(now.state)
                || now.hasReason && (!before.hasReason || now.atMillis - before.atMillis >= AGAIN_MILLIS);
    }

    private static void part(JsonObject event, String field, Level level) {
        JsonObject part = event.getJsonObject(field);
        if (part != null) {
            LOG.log(level, () -> event.getString("name") + " " + field + " " + part.encode());
        }
    }
}
