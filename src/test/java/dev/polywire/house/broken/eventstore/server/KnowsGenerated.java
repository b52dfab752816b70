package dev.polywire.house.broken.eventstore.server;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.eventstore.wire.Protobuf;

@Breaks("generated messages")
final class KnowsGenerated {

    Protobuf.Ping message() {
        return null;
    }

    Object made() {
        return new Protobuf.Ping();
    }
}
