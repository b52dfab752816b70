package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.polywire.app.ProgramOptions.BridgeEntry;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bridge that is given other settings: it takes them, or makes room for another, or stays as it is. */
class DoorTest {

    private final Vertx vertx = Vertx.vertx();
    private final int port = ProgramProcess.freePorts(1)[0];

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** A certificate that is written at this moment, for one. */
    @Test
    void whatNoBridgeCanHaveSendsNobodyAway() {
        IOException halfWritten = new IOException("half a certificate");
        Door door =
                new Door(vertx, (bridge, entry) -> Future.failedFuture(halfWritten), new FreedPort(vertx), Spi.NONE);
        Outcome.value(door.become(entry(1)));
        try (FramedPeer client = FramedPeer.connect(port)) {
            assertPong(client);
            assertSame(halfWritten, Outcome.failure(door.become(entry(2))));
            assertPong(client);
            // Nothing has changed, so the same is tried again.
            assertSame(halfWritten, Outcome.failure(door.become(entry(2))));
            assertEquals(false, Outcome.value(door.become(entry(1))));
            assertPong(client);
        }
    }

    @Test
    void whatNeedsAnotherBridgeGetsIt() {
        Door door = new Door(
                vertx,
                (bridge, entry) -> Future.failedFuture(new FieldException("port", "another")),
                new FreedPort(vertx),
                Spi.NONE);
        Outcome.value(door.become(entry(1)));
        try (FramedPeer before = FramedPeer.connect(port)) {
            assertPong(before);
            assertEquals(true, Outcome.value(door.become(entry(2))));
            assertEquals(0, before.readToEnd());
        }
        try (FramedPeer after = FramedPeer.connect(port)) {
            assertPong(after);
        }
    }

    private BridgeEntry entry(int maxSockets) {
        JsonObject config = new JsonObject()
                .put("port", port)
                .put("listen", new JsonArray().add("news"))
                .put("maxSockets", maxSockets);
        return new BridgeEntry(EndpointOptions.of("127.0.0.1", port), 0, config, List.of());
    }

    private static void assertPong(FramedPeer client) {
        client.send("{\"type\":\"ping\"}");
        assertEquals("{\"type\":\"pong\"}", client.text());
    }
}
