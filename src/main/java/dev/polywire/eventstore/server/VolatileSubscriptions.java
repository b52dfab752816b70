package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.SubscriptionMessage;

/** Clients that want what will be written: to a stream, or at all. */
final class VolatileSubscriptions {

    VolatileSubscriptions(StreamStore store) {}

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, SubscriptionMessage message) {}

    /** A client is gone. */
    void end(StoreSession session) {}
}
