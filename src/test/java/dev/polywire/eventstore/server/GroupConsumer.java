package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.PersistentMessage.PersistentSubscriptionStreamEventAppeared;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A client of a group, without a socket. */
final class GroupConsumer implements StoreSession.Outlet {

    private static long conversations;

    private final EventStoreNode node;
    final StoreSession session;
    private final List<EventStoreMessage> told = new ArrayList<>();
    UUID id = new UUID(1, ++conversations);
    /** What it is lost by when it is told that. */
    Predicate<EventStoreMessage> breaksBy = message -> false;

    GroupConsumer(EventStoreNode node) {
        this.node = node;
        this.session = new StoreSession(node, this);
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        told.add(message);
        if (breaksBy.test(message)) {
            session.end();
        }
    }

    @Override
    public void close() {}

    void connect(int allowedInFlight) {
        tell(new PersistentMessage.ConnectToPersistentSubscription(GroupRoom.GROUP, GroupRoom.STREAM, allowedInFlight));
    }

    void ack(long... ids) {
        tell(new PersistentMessage.PersistentSubscriptionAckEvents(GroupRoom.KEY, bytes(ids)));
    }

    void nak(NakAction action, String why, long... ids) {
        tell(new PersistentMessage.PersistentSubscriptionNakEvents(GroupRoom.KEY, bytes(ids), why, action.ordinal()));
    }

    void tell(PersistentMessage message) {
        tell(User.ANONYMOUS, message);
    }

    List<EventStoreMessage> ask(User user, PersistentMessage message) {
        tell(user, message);
        return messages();
    }

    private void tell(User user, PersistentMessage message) {
        node.database().groups().handle(new StoreRequest(session, id, user), message);
    }

    /** What it was told since the last time. */
    List<EventStoreMessage> messages() {
        List<EventStoreMessage> messages = List.copyOf(told);
        told.clear();
        return messages;
    }

    /** The events that it was given since the last time, as their data, with a star for each time that they were given before. */
    List<String> given() {
        return appeared()
                .map(each -> source(each).data() + "*".repeat(each.retryCount()))
                .toList();
    }

    Stream<PersistentSubscriptionStreamEventAppeared> appeared() {
        return messages().stream()
                .filter(PersistentSubscriptionStreamEventAppeared.class::isInstance)
                .map(PersistentSubscriptionStreamEventAppeared.class::cast);
    }

    private static EventRecord source(PersistentSubscriptionStreamEventAppeared appeared) {
        EventRecord event = appeared.event().event();
        return event == null ? Objects.requireNonNull(appeared.event().link()) : event;
    }

    private static List<Buffer> bytes(long... ids) {
        return LongStream.of(ids)
                .mapToObj(each -> DotNetGuid.bytes(GroupRoom.id(each)))
                .toList();
    }
}
