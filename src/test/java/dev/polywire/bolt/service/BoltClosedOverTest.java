package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.BoltBus.failure;
import static dev.polywire.bolt.service.BoltBus.name;
import static dev.polywire.bolt.service.BoltBus.rows;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that closes the connection over one caller's query. */
class BoltClosedOverTest {

    /** Far above the 0.2 s of a quick reconnect, and far below what ten failed attempts wait. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final BoltBus bus = new BoltBus();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void othersDoNotWait() {
        bus.server.script((peer, asked) -> {
            boolean deadly = asked.request() instanceof BoltRequest.Run run
                    && run.query().equals("deadly");
            if (deadly) {
                peer.abort();
            }
            return deadly;
        });
        bus.deploy();
        BoltService other = BoltService.proxy(bus.vertx, BoltBus.ADDRESS, SOON.toMillis());
        for (int n = 0; n < 10; n++) {
            assertEquals("UNKNOWN_OUTCOME", name(failure(bus.service.run("deadly", null, null))));
            JsonObject answer = Outcome.value(other.run("rows 1", null, null));
            assertEquals(rows(1), answer.getValue("records"));
            await().atMost(SOON)
                    .until(() -> Outcome.value(bus.service.status())
                            .getString("state")
                            .equals("ready"));
        }
    }
}
