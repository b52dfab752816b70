package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import java.util.UUID;

/** One consumer of a group, and how much it may still be given. */
final class GroupClient {

    private final StoreSession session;
    private final UUID correlationId;
    private final int allowedInFlight;
    private int inFlight;

    /** @param allowedInFlight 0: it is never given anything */
    GroupClient(StoreSession session, UUID correlationId, int allowedInFlight) {
        this.session = session;
        this.correlationId = correlationId;
        this.allowedInFlight = allowedInFlight;
    }

    StoreSession session() {
        return session;
    }

    UUID correlationId() {
        return correlationId;
    }

    /** How many more events it may be given. */
    int room() {
        return allowedInFlight - inFlight;
    }

    boolean hasRoom() {
        return room() > 0;
    }

    void push(GroupMessage message) {
        inFlight++;
        tell(new PersistentMessage.PersistentSubscriptionStreamEventAppeared(
                message.record(session.knowsLongNumbers()), message.retryCount()));
    }

    /** One of its events was acknowledged, or taken back. */
    void settled() {
        inFlight--;
    }

    void drop() {
        tell(new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED));
    }

    /** It may be lost by that. */
    void tell(EventStoreMessage message) {
        session.send(correlationId, message);
    }
}
