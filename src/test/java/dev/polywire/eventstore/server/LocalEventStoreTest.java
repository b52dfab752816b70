package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.wire.ConnectionMessage;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The server in three lines of a test, as the page of EventStore has them. */
class LocalEventStoreTest {

    @Test
    void aTestStartsAServerOnAFreePort() {
        // README
        LocalEventStore store = LocalEventStore.start();
        assertEquals("pong", pingedAt(store.port()));
        store.close();
        // README
        store.close();

        assertThrows(UncheckedIOException.class, () -> StoreSocket.connect(store.port()));
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        try (LocalEventStore first = LocalEventStore.start()) {
            NodeEndpoints taken = NodeEndpoints.of(EndpointOptions.of("127.0.0.1", first.port()));

            IllegalStateException refused = assertThrows(
                    IllegalStateException.class, () -> LocalEventStore.start(EventStoreServerOptions.DEFAULT, taken));

            assertTrue(refused.getMessage().contains("127.0.0.1:" + first.port()), refused::getMessage);
        }
    }

    private static String pingedAt(int port) {
        try (StoreSocket client = StoreSocket.connect(port)) {
            return ((ConnectionMessage.Pong)
                            Objects.requireNonNull(client.ask(new ConnectionMessage.Ping(Buffer.buffer("pong")))))
                    .data()
                    .toString();
        }
    }
}
