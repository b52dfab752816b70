package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.ReadMessage;

/** Answers what reads streams, and all events. */
final class Reads {

    Reads(StreamStore store) {}

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, ReadMessage message) {}
}
