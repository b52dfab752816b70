package dev.polywire.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedEventStoreTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void answersAPing() {
        int port = Ports.free();
        EmbeddedServer server =
                Outcome.value(EmbeddedServers.start(vertx, new EmbeddedOptions(EmbeddedOptions.Type.EVENTSTORE, port)));
        assertEquals("eventstore (like 5.0.11, in memory) at 127.0.0.1:" + port, server.description());
        UUID id = UUID.randomUUID();
        Buffer data = Buffer.buffer("hello");
        try (RawPeer client = RawPeer.connect(port)) {
            client.write(bytes(id, new ConnectionMessage.Ping(data)));

            Buffer expected = bytes(id, new ConnectionMessage.Pong(data));
            Buffer answer = Buffer.buffer();
            while (answer.length() < expected.length()) {
                answer.appendByte((byte) client.readByte());
            }
            assertEquals(expected, answer);
        }
        Outcome.value(server.close());
    }

    private static Buffer bytes(UUID id, EventStoreMessage message) {
        return TcpPackage.of(id, message, null).write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
    }
}
