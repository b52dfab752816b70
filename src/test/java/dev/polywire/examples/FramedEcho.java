package dev.polywire.examples;

import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedReceived;

/** Connections of framed messages without the bus: one message comes back. */
final class FramedEcho {

    private FramedEcho() {}

    static void answer(FramedConnection connection) {
        // README
        connection.receive().onSuccess(next -> {
            if (next instanceof FramedReceived.Message message) {
                connection.send(message.payload());
            }
        });
        // README
    }
}
