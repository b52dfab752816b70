package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private static final String TARGET = "amqp (127.0.0.1:5672) is ";

    private final Logger logger = Logger.getLogger("dev.polywire");
    private final Level level = logger.getLevel();
    private final boolean propagated = logger.getUseParentHandlers();
    private final List<String> lines = new ArrayList<>();
    private long nowMillis;
    private final EventLog log = new EventLog(() -> nowMillis);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setLevel(Level.INFO);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setLevel(level);
        logger.setUseParentHandlers(propagated);
    }

    private static JsonObject event(String instance, String state, String reason) {
        JsonObject event = new JsonObject()
                .put("name", "amqp")
                .put("instance", instance)
                .put("target", "127.0.0.1:5672")
                .put("state", state);
        return reason == null ? event : event.put("reason", reason);
    }

    private void change(String state, String reason) {
        log.event(event("1", state, reason));
    }

    @Test
    void eachStateIsSaidOnceWithItsFirstReason() {
        change("connecting", null);
        for (int i = 0; i < 3; i++) {
            change("connecting", "refused " + i);
        }
        change("ready", null);
        for (int i = 0; i < 20; i++) {
            change("recovering", "attempt " + i);
            log.event(event("1", "recovering", "attempt " + i).put("recovered", new JsonObject()));
        }
        change("ready", null);
        change("recovering", "again");
        assertEquals(
                List.of(
                        "INFO " + TARGET + "connecting",
                        "WARNING " + TARGET + "connecting: refused 0",
                        "INFO " + TARGET + "ready",
                        "WARNING " + TARGET + "recovering: attempt 0",
                        "INFO " + TARGET + "ready",
                        "WARNING " + TARGET + "recovering: again"),
                lines);
    }

    @Test
    void whatGoesOnIsSaidAgainOnceAMinute() {
        for (int seconds = 0; seconds <= 150; seconds += 10) {
            nowMillis = seconds * 1_000L;
            change("recovering", "at " + seconds);
        }
        assertEquals(
                Stream.of("at 0", "at 60", "at 120")
                        .map(reason -> "WARNING " + TARGET + "recovering: " + reason)
                        .toList(),
                lines);
    }

    @Test
    void instancesHaveStatesOfTheirOwn() {
        log.event(event("1", "ready", null));
        log.event(event("2", "ready", null));
        log.event(event("1", "closed", null));
        assertEquals(List.of("ready", "ready", "closed"), states());
    }

    @Test
    void aRefusalOfTheConfigurationIsAWarning() {
        change("ready", null);
        log.event(event("1", "ready", null).put("configured", new JsonObject().put("what", "topology.queues[0]")));
        assertEquals(
                List.of("INFO " + TARGET + "ready", "WARNING amqp configured {\"what\":\"topology.queues[0]\"}"),
                lines);
    }

    private List<String> states() {
        return lines.stream()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }
}
