package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.BoltBus.failure;
import static dev.polywire.bolt.service.BoltBus.name;
import static dev.polywire.bolt.service.BoltBus.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers see no difference between versions, but for what an old one cannot do. */
class BoltVersionsTest {

    private final BoltBus bus = new BoltBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private void deploy(String version) {
        bus.deploy(
                new JsonObject().put("versions", new JsonArray().add(version)).put("maxConnections", 1));
        assertEquals(version, Outcome.value(bus.service.ping()).getString("version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4.0", "4.4", "5.0", "5.8", "6.1"})
    void queriesAndStreams(String version) {
        deploy(version);
        JsonObject read = new JsonObject().put("mode", "read");
        assertEquals(
                rows(2, 1), Outcome.value(bus.service.run("rows 2", null, read)).getValue("records"));
        assertEquals(
                "REFUSED_BY_SERVER",
                name(failure(bus.service.run("fail Neo.ClientError.Statement.SyntaxError", null, null))));
        JsonObject handle = Outcome.value(bus.service.open("rows 3", null, null));
        assertEquals(rows(3), bus.next(handle, 1, 1).getValue("items"));
        assertEquals(rows(2, 1), bus.next(handle, 2, 5).getValue("items"));
        JsonObject early = Outcome.value(bus.service.open("rows 3", null, null));
        bus.next(early, 1, 1);
        bus.close(early);
        Outcome.value(bus.service.run("one", null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "4.0", "4.4", "5.0", "5.8", "6.1"})
    void transactions(String version) {
        deploy(version);
        JsonObject handle = Outcome.value(bus.service.begin(null));
        BoltTransactionService room = BoltTransactionService.proxy(bus.vertx, handle);
        Outcome.value(room.run(handle.getString("id"), "rows 2", null));
        assertEquals(
                "bookmark 1", Outcome.value(room.commit(handle.getString("id"))).getString("bookmark"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void oldOnesHaveNoTransactions(String version) {
        deploy(version);
        assertEquals("BAD_REQUEST", name(failure(bus.service.begin(null))));
        Outcome.value(bus.service.run("its connection is free", null, null));
    }
}
