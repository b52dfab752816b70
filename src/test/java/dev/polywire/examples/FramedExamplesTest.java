package dev.polywire.examples;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedClient;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.service.FramedService;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.FramedPeer.Door;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Java of docs/framed.md. */
class FramedExamplesTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** What is not read by {@code receive} is nobody's here. */
    private static final FramedListener LISTENER = new FramedListener() {

        @Override
        public void opened(FramedConnection connection) {
            FramedEcho.answer(connection);
        }

        @Override
        public void received(FramedConnection connection, Buffer payload) {
            throw new AssertionError("nobody asked for " + payload);
        }

        @Override
        public void closed(FramedConnection connection, RuntimeException cause) {}
    };

    @Test
    void aConnectionAnswers() {
        try (Door door = new Door()) {
            EndpointOptions endpoint = EndpointOptions.of("127.0.0.1", door.port());
            vertx.runOnContext(none -> new FramedClient(
                            vertx, endpoint, FramedLimits.DEFAULT, Spi.NONE, (state, cause) -> {}, LISTENER)
                    .start());
            try (FramedPeer peer = door.accept()) {
                assertEquals("hi", peer.send("hi").text());
            }
        }
    }

    @Test
    void aCodecOfOnesOwn() {
        int port = Ports.free();
        JsonObject config = new JsonObject().put("port", port).put("address", "polywire.framed");
        Outcome.value(FramedUpperCase.deploy(vertx, new DeploymentOptions().setConfig(config)));
        try (FramedPeer peer = FramedPeer.connect(port)) {
            FramedService framed = FramedService.proxy(vertx, "polywire.framed");
            await().until(() -> Outcome.value(framed.connections()).size() == 1);
            Outcome.value(framed.send(new JsonObject().put("connection", "1").put("value", "hello")));
            assertEquals("HELLO", peer.text());
        }
    }
}
