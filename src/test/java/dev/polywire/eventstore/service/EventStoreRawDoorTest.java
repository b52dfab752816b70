package dev.polywire.eventstore.service;

import static dev.polywire.eventstore.service.EventStoreBus.failure;
import static dev.polywire.eventstore.service.EventStoreBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Payloads of the protocol by {@code <address>.raw}. */
@Timeout(60)
class EventStoreRawDoorTest {

    private static final long ANY = -2;
    private static final long NO_STREAM = -1;

    private final EventStoreBus bus = new EventStoreBus().deploy();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void payloadsInPayloadsOut() {
        WriteMessage.WriteEventsCompleted written = (WriteMessage.WriteEventsCompleted) answer(write(NO_STREAM));
        assertEquals(0, written.firstEventNumber());
        ReadMessage.ReadEventCompleted one =
                (ReadMessage.ReadEventCompleted) answer(new ReadMessage.ReadEvent("s", 0, false, true));
        assertEquals("{}", one.event().event().data().toString());
        for (ReadDirection each : ReadDirection.values()) {
            long from = each == ReadDirection.FORWARD ? 0 : -1;
            ReadMessage.ReadStreamEventsCompleted some = (ReadMessage.ReadStreamEventsCompleted)
                    answer(new ReadMessage.ReadStreamEvents(each, "s", from, 10, false, true));
            assertEquals(1, some.events().size());
            Position at = each == ReadDirection.FORWARD ? Position.BEGINNING : Position.END;
            ReadMessage.ReadAllEventsCompleted all = (ReadMessage.ReadAllEventsCompleted)
                    answer(new ReadMessage.ReadAllEvents(each, at, 10, false, true));
            assertEquals(1, all.events().size());
        }
        answer(new WriteMessage.DeleteStream("s", 0, true, false));
    }

    @Test
    void itsFailuresAreThoseOfTheService() {
        assertEquals("CONFLICT", name(failure(ask(write(7), null))));
        assertEquals("NOT_FOUND", name(failure(ask(new ReadMessage.ReadEvent("s", 0, false, true), null))));
        assertEquals("BAD_REQUEST", name(failure(ask(write(-3), null))));
    }

    @Test
    void aLostAnswerIsAsWithTheService() {
        cut();
        Outcome.value(ask(write(NO_STREAM), null));
        cut();
        assertEquals("UNKNOWN_OUTCOME", name(failure(ask(write(ANY), null))));
        cut();
        assertEquals("UNKNOWN_OUTCOME", name(failure(ask(write(ANY), "false"))));
        cut();
        Outcome.value(ask(write(ANY), "true"));
        assertEquals(4, bus.events("s").size());
    }

    private void cut() {
        bus.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.CutAnswer(1)));
    }

    private static WriteMessage.WriteEvents write(long expectedVersion) {
        NewEvent event = new NewEvent(UUID.randomUUID(), "t", NewEvent.JSON, Buffer.buffer("{}"), Buffer.buffer());
        return new WriteMessage.WriteEvents("s", expectedVersion, List.of(event), true);
    }

    private EventStoreMessage answer(EventStoreMessage question) {
        return EventStoreMessage.read(question.command().answer(), Outcome.value(ask(question, null)));
    }

    private Future<Buffer> ask(EventStoreMessage question, @Nullable String retryAny) {
        DeliveryOptions headers =
                new DeliveryOptions().addHeader("action", question.command().protocolName());
        if (retryAny != null) {
            headers.addHeader("retryAny", retryAny);
        }
        return bus.vertx
                .eventBus()
                .<Buffer>request(EventStoreBus.ADDRESS + ".raw", question.payload(), headers)
                .map(reply -> reply.body());
    }
}
