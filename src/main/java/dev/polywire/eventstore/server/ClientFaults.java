package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Between a client and its session: what the node's fault plan does to what they say to each other. */
final class ClientFaults {

    private final NodeFaults node;
    private final Agenda agenda;
    private final StoreSession session;
    private final StoreSession.Outlet outlet;
    /** The first answers of some conversations; empty: it is lost. At most as many as the plan has entries. */
    private final Map<UUID, Optional<EventStoreMessage>> instead = new HashMap<>();
    /** Bytes that the client still gets from the first answers of some conversations on. */
    private final Map<UUID, Integer> cuts = new HashMap<>();

    /** @param outlet of the client, without the faults */
    ClientFaults(EventStoreNode node, StoreSession session, StoreSession.Outlet outlet) {
        this.node = node.faults();
        this.agenda = node.database().agenda();
        this.session = session;
        this.outlet = outlet;
    }

    /** The client has sent something. */
    void received(EventStoreEvent event) {
        UUID id = event.sent().correlationId();
        CommandFault fault = node.received(event.sent().command());
        if (fault == null) {
            session.event(event);
        } else if (fault instanceof CommandFault.Delay delay) {
            agenda.later(delay.millis(), () -> session.event(event));
        } else if (fault instanceof CommandFault.Close) {
            outlet.close();
        } else if (fault instanceof CommandFault.Answer answer) {
            outlet.send(id, answer.message());
        } else if (fault instanceof CommandFault.LoseAnswer) {
            instead.put(id, Optional.empty());
            session.event(event);
        } else if (fault instanceof CommandFault.CutAnswer cut) {
            cuts.put(id, cut.bytes());
            session.event(event);
        } else if (fault instanceof CommandFault.AnswerInstead other) {
            instead.put(id, Optional.of(other.message()));
            session.event(event);
        }
    }

    /** What the client is told in the place of an answer; null: nothing. */
    @Nullable
    EventStoreMessage told(UUID correlationId, EventStoreMessage answer) {
        Optional<EventStoreMessage> other = instead.remove(correlationId);
        return other == null ? answer : other.orElse(null);
    }

    /** Bytes that the client gets, from this answer on. */
    long restBytes(UUID correlationId) {
        Integer bytes = cuts.isEmpty() ? null : cuts.remove(correlationId);
        return bytes == null ? Long.MAX_VALUE : bytes;
    }
}
