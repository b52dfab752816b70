package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import java.util.UUID;

/**
 * What a client has asked.
 *
 * @param from where answers go; further ones too, as long as the client is connected
 * @param user on whose behalf
 */
record StoreRequest(StoreSession from, UUID correlationId, User user) {

    /** The same from a client that hears no answer. */
    StoreRequest unheard() {
        return new StoreRequest(from.unheard(), correlationId, user);
    }

    void answer(EventStoreMessage message) {
        from.send(correlationId, message);
    }

    /** Something is at its bound: that is counted, and the client may ask again later. */
    void tooBusy(ServerCounters counters) {
        counters.tooBusy();
        answer(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null));
    }
}
