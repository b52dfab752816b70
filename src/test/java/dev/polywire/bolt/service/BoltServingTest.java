package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.EagerResult;
import org.neo4j.driver.NotificationSeverity;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;

/** Queries of the official driver, answered by plain messages. */
@Timeout(60)
class BoltServingTest {

    private final ServingBus bus = new ServingBus();

    @AfterEach
    void close() {
        bus.close();
    }

    /** Whoever answers knows best, then the client, then the configuration. */
    @ParameterizedTest
    @CsvSource({"films, movies, films", "films, , films", ", movies, movies", ", , graph"})
    void theDatabaseOfTheSummary(String handlers, String clients, String told) {
        JsonObject summary = new JsonObject();
        if (handlers != null) {
            summary.put("db", handlers);
        }
        bus.deploy(new JsonObject().put("database", "graph"))
                .answer(
                        ServingBus.HANDLER,
                        (action, body) -> Future.succeededFuture(new JsonObject()
                                .put("fields", new JsonArray())
                                .put("records", new JsonArray())
                                .put("summary", summary)));
        SessionConfig.Builder session = SessionConfig.builder();
        if (clients != null) {
            session.withDatabase(clients);
        }
        try (Driver driver = bus.driver();
                Session asking = driver.session(session.build())) {
            assertEquals(told, asking.run("CREATE ()").consume().database().name());
        }
    }

    @Test
    void theFilterOfNotificationsIsAnOption() throws Exception {
        bus.deploy(new JsonObject())
                .answer(
                        ServingBus.HANDLER,
                        (action, body) -> Future.succeededFuture(
                                new JsonObject().put("fields", new JsonArray()).put("records", new JsonArray())));
        Config config = Config.builder()
                .withMinimumNotificationSeverity(NotificationSeverity.WARNING)
                .build();
        try (Driver driver = bus.driver(AuthTokens.none(), config)) {
            driver.executableQuery("CREATE ()").execute();
        }
        assertEquals(
                new JsonObject().put("minimumSeverity", "WARNING"),
                bus.asked.take().getJsonObject("body").getJsonObject("options").getJsonObject("notifications"));
    }

    @Test
    void aQueryIsARequestAndItsAnswerTheResult() throws Exception {
        bus.deploy(new JsonObject())
                .answer(
                        ServingBus.HANDLER,
                        (action, body) -> Future.succeededFuture(new JsonObject()
                                .put("fields", new JsonArray().add("n").add("t"))
                                .put(
                                        "records",
                                        new JsonArray()
                                                .add(new JsonArray().add(1).add("x")))
                                .put("summary", new JsonObject().put("type", "r"))
                                .put("done", true)));
        try (Driver driver = bus.driver()) {
            EagerResult result = driver.executableQuery("RETURN $who")
                    .withParameters(Map.of("who", "me"))
                    .execute();
            assertEquals(List.of("n", "t"), result.keys());
            assertEquals(Map.of("n", 1L, "t", "x"), result.records().get(0).asMap());
            assertEquals("READ_ONLY", result.summary().queryType().name());
        }
        JsonObject asked = bus.asked.take();
        assertEquals("run", asked.getString("action"));
        assertEquals("RETURN $who", asked.getJsonObject("body").getString("query"));
        assertEquals(
                new JsonObject().put("who", "me"), asked.getJsonObject("body").getJsonObject("parameters"));
    }
}
