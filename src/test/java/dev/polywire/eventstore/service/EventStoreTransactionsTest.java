package dev.polywire.eventstore.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions behind a handle. */
@Timeout(60)
class EventStoreTransactionsTest {

    private static final List<JsonObject> ONE = List.of(GroupBus.json("{'eventType':'t','json':{}}"));

    private final GroupBus bus = new GroupBus();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void eventsAreThereWhenItIsCommitted() {
        JsonObject handle = begin(-1);
        String id = handle.getString("id");
        EventStoreTransactionService room = EventStoreTransactionService.proxy(bus.vertx, handle);
        Outcome.value(room.write(id, ONE).compose(written -> room.renew(id)).compose(renewed -> room.write(id, ONE)));
        assertEquals("NOT_FOUND", GroupBus.failure(() -> bus.service.readEvent("ponies", 0, null)));
        JsonObject done = Outcome.value(room.commit(id));
        assertEquals(0, done.getInteger("firstEventNumber"));
        assertEquals(1, done.getInteger("lastEventNumber"));
        assertEquals("NOT_FOUND", GroupBus.failure(() -> room.write(id, ONE)));
        Outcome.value(room.close(id));
    }

    @Test
    void whatIsRolledBackIsOver() {
        JsonObject handle = begin(-2);
        String id = handle.getString("id");
        EventStoreTransactionService room = EventStoreTransactionService.proxy(bus.vertx, handle);
        Outcome.value(room.write(id, ONE).compose(written -> room.rollback(id)));
        assertEquals("NOT_FOUND", GroupBus.failure(() -> room.commit(id)));
        assertEquals("NOT_FOUND", GroupBus.failure(() -> bus.service.readEvent("ponies", 0, null)));
    }

    @Test
    void whatTheServerRefusesIsTold() {
        JsonObject handle = begin(7);
        EventStoreTransactionService room = EventStoreTransactionService.proxy(bus.vertx, handle);
        assertEquals("CONFLICT", GroupBus.failure(() -> room.commit(handle.getString("id"))));
        assertEquals("BAD_REQUEST", GroupBus.failure(() -> bus.service.begin("ponies", -4, null)));
    }

    @Test
    void aWriteThatIsLostUndoesIt() {
        JsonObject handle = begin(-1);
        String id = handle.getString("id");
        EventStoreTransactionService room = EventStoreTransactionService.proxy(bus.vertx, handle);
        bus.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_WRITE, 1, new CommandFault.CutAnswer(0)));
        assertEquals("CONNECTION_LOST", GroupBus.failure(() -> room.write(id, ONE)));
        assertEquals("NOT_FOUND", GroupBus.failure(() -> room.commit(id)));
        bus.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_COMMIT, 1, new CommandFault.CutAnswer(0)));
        JsonObject other = begin(-2);
        assertEquals(
                "UNKNOWN_OUTCOME",
                GroupBus.failure(() ->
                        EventStoreTransactionService.proxy(bus.vertx, other).commit(other.getString("id"))));
    }

    private JsonObject begin(long expectedVersion) {
        return Outcome.value(bus.service.begin("ponies", expectedVersion, null));
    }
}
