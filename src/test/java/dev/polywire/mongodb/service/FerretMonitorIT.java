package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server that cannot stream, is not ours, and stands still for a while: its kernel goes on, and takes connections. */
class FerretMonitorIT {

    private static FerretBus bus;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.withLogin());
        bus.deploy(FerretBus.user().put("heartbeatMillis", 500).put("connectTimeoutMillis", 1_000));
    }

    @AfterAll
    static void stop() {
        bus.server.goOn();
        bus.close();
    }

    private static String state() {
        return Outcome.value(bus.mongo().status()).getString("state");
    }

    /** Long before the call's own deadline; a server that only takes its time is asked all the while. */
    @Test
    void standsStillAndGoesOn() {
        assertEquals(1, Outcome.value(bus.mongo().ping()).getDouble("ok"));
        for (int i = 0; i < 2; i++) {
            bus.server.stand();
            JsonObject insert =
                    new JsonObject().put("insert", "things").put("documents", new JsonArray().add(new JsonObject()));
            Future<JsonObject> sent = MongoService.proxy(bus.vertx, "polywire.mongodb", Stage.A_MINUTE)
                    .command("db", "insert", insert, null);
            assertEquals("UNKNOWN_OUTCOME mayHaveExecuted", Stage.failure(sent));
            await().until(() -> state().equals("recovering"));
            bus.server.goOn();
            await().until(() -> state().equals("ready"));
            assertEquals(1, Outcome.value(bus.mongo().ping()).getDouble("ok"));
        }
    }
}
