package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.EventStoreMessage;
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
}
