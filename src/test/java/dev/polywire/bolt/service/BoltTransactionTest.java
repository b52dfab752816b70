package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.BoltBus.failure;
import static dev.polywire.bolt.service.BoltBus.name;
import static dev.polywire.bolt.service.BoltBus.rows;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transactions behind handles. */
class BoltTransactionTest {

    private final BoltBus bus = new BoltBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private record Transaction(BoltTransactionService room, String id, JsonObject handle) {

        Future<JsonObject> run(String query) {
            return room.run(id, query, null);
        }
    }

    private Transaction begin() {
        JsonObject handle = Outcome.value(bus.service.begin(null));
        return new Transaction(BoltTransactionService.proxy(bus.vertx, handle), handle.getString("id"), handle);
    }

    @Test
    void commitMakesItLast() {
        bus.deploy(new JsonObject().put("maxConnections", 1));
        Transaction transaction = begin();
        assertTrue(transaction.handle.getString("address").startsWith("polywire.bolt.transactions."));
        assertEquals(1, bus.counter("openTransactions"));
        assertEquals(rows(2, 1), Outcome.value(transaction.run("rows 2")).getValue("records"));
        JsonObject end = Outcome.value(transaction.room.commit(transaction.id));
        assertEquals("bookmark 1", end.getString("bookmark"));
        assertEquals(List.of("BEGIN", "RUN", "PULL", "COMMIT"), bus.asked());
        assertGone(transaction);
        Outcome.value(bus.service.run("its connection is free", null, null));
    }

    @Test
    void rollbackUndoesIt() {
        bus.deploy();
        Transaction transaction = begin();
        Outcome.value(transaction.run("one"));
        Outcome.value(transaction.room.rollback(transaction.id));
        assertEquals(List.of("BEGIN", "RUN", "PULL", "ROLLBACK"), bus.asked());
        assertGone(transaction);
    }

    private void assertGone(Transaction transaction) {
        assertEquals("NOT_FOUND", name(failure(transaction.run("more"))));
        assertEquals("NOT_FOUND", name(failure(transaction.room.commit(transaction.id))));
        assertEquals("NOT_FOUND", name(failure(transaction.room.rollback(transaction.id))));
        assertEquals(0, bus.counter("openTransactions"));
        assertFalse(bus.asked().contains("more"));
    }

    @Test
    void whatCannotBeBegunIsSaidAtOnce() {
        bus.server.script((peer, request) -> {
            boolean begin = request.request().message() == BoltMessage.BEGIN;
            if (begin) {
                peer.failure(request, "Neo.ClientError.Database.DatabaseNotFound");
            }
            return begin;
        });
        bus.deploy(new JsonObject().put("maxConnections", 1));
        ServiceException none = failure(bus.service.begin(new JsonObject().put("database", "none")));
        assertEquals("NOT_FOUND", name(none));
        assertEquals(0, bus.counter("openTransactions"));
        Outcome.value(bus.service.run("its connection is free", null, null));
    }

    @Test
    void aFailureEndsItAndNothingRunsBehindIt() {
        bus.deploy(new JsonObject().put("maxConnections", 1));
        Transaction transaction = begin();
        assertEquals(
                "REFUSED_BY_SERVER",
                name(failure(transaction.run("fail Neo.TransientError.Transaction.DeadlockDetected"))));
        assertGone(transaction);
        Outcome.value(bus.service.run("its connection is free", null, null));
        assertEquals(List.of("BEGIN", "RUN", "RESET", "RUN", "PULL"), bus.asked());
    }

    @Test
    void aCallersMistakeDoesNotEndIt() {
        bus.deploy(new JsonObject().put("maxRecords", 2));
        Transaction transaction = begin();
        JsonObject bad = new JsonObject("{\"a\": {\"$type\": \"Date\", \"_value\": \"yesterday\"}}");
        assertEquals("BAD_REQUEST", name(failure(transaction.room.run(transaction.id, "q", bad))));
        assertEquals("LIMIT_EXCEEDED", name(failure(transaction.run("rows 5"))));
        Outcome.value(transaction.run("rows 1"));
        Outcome.value(transaction.room.commit(transaction.id));
    }

    @Test
    void aLeaseThatNobodyRenewsRollsBack() {
        bus.deploy(new JsonObject().put("leaseMillis", 100));
        Transaction transaction = begin();
        await().until(() -> bus.counter("lapsedTransactions") == 1);
        await().until(() -> bus.asked().contains("ROLLBACK"));
        assertGone(transaction);
    }

    @Test
    void aStreamIsReadWhileOtherQueriesRun() {
        bus.deploy();
        Transaction transaction = begin();
        JsonObject stream = Outcome.value(transaction.room.open(transaction.id, "rows 3", null, null));
        assertEquals("value", stream.getJsonArray("fields").getString(0));
        assertEquals(rows(3), bus.next(stream, 1, 1).getValue("items"));
        Outcome.value(transaction.run("rows 3"));
        JsonObject rest = bus.next(stream, 2, 10);
        assertEquals(rows(2, 1), rest.getValue("items"));
        assertEquals(true, rest.getBoolean("done"));
        Outcome.value(transaction.room.commit(transaction.id));
    }

    @Test
    void whatWasNotReadIsCancelledWithIt() {
        bus.deploy();
        Transaction transaction = begin();
        JsonObject stream = Outcome.value(transaction.room.open(transaction.id, "rows 3", null, null));
        bus.next(stream, 1, 1);
        Outcome.value(transaction.room.commit(transaction.id));
        assertEquals("CANCELLED", name(failure(bus.next(stream, 2, 10, 20_000))));
        assertEquals(List.of("BEGIN", "RUN", "PULL", "DISCARD", "COMMIT"), bus.asked());
    }

    @Test
    void leavingRollsBackWhatIsOpenAndFinishesWhatRuns() {
        bus.deploy();
        Transaction idle = begin();
        Outcome.value(idle.run("one"));
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        await().until(() -> bus.asked().contains("ROLLBACK"));
    }

    @Test
    void thereAreBounds() {
        bus.deploy(new JsonObject().put("maxStreams", 1));
        begin();
        assertEquals("OVERLOADED", name(failure(bus.service.begin(null))));
    }

    /** It is there while two others, each begun after the last, lapse. */
    @Test
    void anOpenStreamKeepsItsLease() {
        // Many times what a busy machine needs from one renewal to the next.
        bus.deploy(new JsonObject().put("leaseMillis", 1_000));
        Transaction transaction = begin();
        JsonObject stream = Outcome.value(transaction.room.open(transaction.id, "rows 3", null, null));
        for (int other = 1; other <= 2; other++) {
            int lapsed = other;
            begin();
            await().until(() -> {
                bus.next(stream, 1, 0);
                return bus.counter("lapsedTransactions") == lapsed;
            });
        }
        assertEquals(rows(3), bus.next(stream, 1, 1).getValue("items"));
        Outcome.value(transaction.run("one"));
    }

    @Test
    void aStreamThatFailsEndsIt() {
        bus.server.script((peer, request) -> {
            boolean pull = request.request().message() == BoltMessage.PULL;
            if (pull) {
                peer.failure(request, "Neo.ClientError.Statement.ArithmeticError");
            }
            return pull;
        });
        bus.deploy(new JsonObject().put("maxConnections", 1));
        Transaction transaction = begin();
        JsonObject stream = Outcome.value(transaction.room.open(transaction.id, "rows 3", null, null));
        assertEquals("REFUSED_BY_SERVER", name(failure(bus.next(stream, 1, 1, 20_000))));
        bus.server.script((peer, request) -> false);
        Outcome.value(bus.service.run("its connection is free", null, null));
        assertGone(transaction);
    }
}
