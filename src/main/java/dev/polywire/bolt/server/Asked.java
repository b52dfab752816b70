package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltRequest;

/** The request being worked on. */
record Asked(long number, BoltRequest request, ServerSession session) {

    BoltMessage message() {
        return request.message();
    }
}
