package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.BoltBus.failure;
import static dev.polywire.bolt.service.BoltBus.name;
import static dev.polywire.bolt.service.BoltBus.rows;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        long pulls = pulls();
        JsonObject handle = Outcome.value(bus.service.open("rows 3", null, null));
        if (version.length() == 1) {
            // PULL_ALL has gone with RUN: old servers may answer neither alone.
            await().until(() -> pulls() == pulls + 1);
        } else {
            assertEquals(pulls, pulls());
        }
        assertEquals(rows(3), bus.next(handle, 1, 1).getValue("items"));
        assertEquals(rows(2, 1), bus.next(handle, 2, 5).getValue("items"));
        JsonObject early = Outcome.value(bus.service.open("rows 3", null, null));
        bus.next(early, 1, 1);
        bus.close(early);
        Outcome.value(bus.service.run("one", null, null));
    }

    private long pulls() {
        return bus.asked().stream().filter("PULL"::equals).count();
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
        ServiceException refused = failure(bus.service.begin(null));
        assertEquals("BAD_REQUEST", name(refused));
        assertEquals("transactions: not in this version (expected: Bolt 3)", refused.getMessage());
        Outcome.value(bus.service.run("its connection is free", null, null));
    }

    /** A managed transaction needs a transaction: it is refused here, at once, and not repeated as if it were lost. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void oldOnesRepeatNothing(String version) {
        deploy(version);
        ServiceException refused = failure(bus.service.run("query", null, new JsonObject().put("retry", true)));
        assertEquals("BAD_REQUEST", name(refused));
        assertEquals("transactions: not in this version (expected: Bolt 3)", refused.getMessage());
        Outcome.value(bus.service.run("its connection is free", null, null));
        assertEquals(1, bus.asked().stream().filter("RUN"::equals).count());
    }

    /** What an old version has no word for: refused here, and the connection goes on. */
    @ParameterizedTest
    @CsvSource({
        "4.3, impersonatedUser, alice, imp_user",
        "3, database, movies, db",
    })
    void anOptionThatIsNotInTheVersionIsNotRepeated(String version, String option, String value, String word) {
        deploy(version);
        ServiceException refused = failure(bus.service.run(
                "query", null, new JsonObject().put("retry", true).put(option, value)));
        assertEquals("BAD_REQUEST", name(refused));
        assertTrue(refused.getMessage().startsWith(word + ": not in this version"), refused.getMessage());
        Outcome.value(bus.service.run("its connection is free", null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "1, Date, 2026-11-30, Bolt 2",
        "1, LocalDateTime, 2026-11-30T00:00, Bolt 2",
        "1, Duration, P1D, Bolt 2",
        "1, Point, SRID=7203;POINT (1 2), Bolt 2",
        "5.8, UUID, 00000000-0000-0000-0000-000000000001, Bolt 6.1",
    })
    void aValueThatIsNotInTheVersion(String version, String type, String value, String needs) {
        refusedHere(version, new JsonObject().put("$type", type).put("_value", value), needs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4.4", "5.8"})
    void vectorsBefore60(String version) {
        JsonObject vector =
                new JsonObject().put("coordinatesType", "INT8").put("coordinates", new JsonArray().add("1"));
        refusedHere(version, new JsonObject().put("$type", "Vector").put("_value", vector), "Bolt 6.0");
    }

    private void refusedHere(String version, JsonObject value, String needs) {
        deploy(version);
        JsonObject parameters = new JsonObject().put("list", new JsonArray().add(value));
        ServiceException refused = failure(bus.service.run("query", parameters, null));
        assertEquals("BAD_REQUEST", name(refused));
        assertTrue(
                refused.getMessage().endsWith("not in this version (expected: " + needs + ")"), refused.getMessage());
        assertEquals(List.of(), bus.asked().stream().filter("RUN"::equals).toList());
        Outcome.value(bus.service.run("its connection is free", null, null));
    }
}
