package dev.polywire.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.framed.service.FramedService;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class EchoVerticleTest {

    private static final String ADDRESS = "polywire.framed-server";

    private final Vertx vertx = Vertx.vertx();
    private final FramedService framed = FramedService.proxy(vertx, ADDRESS);

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Many at once, all read later: more than may be under way on the bus. */
    @Test
    void everyMessageIsAnswered() {
        try (FramedPeer peer = FramedPeer.connect(echo())) {
            peer.send(IntStream.range(0, 5_000).mapToObj(Integer::toString).toArray(String[]::new));
            for (int i = 0; i < 5_000; i++) {
                assertEquals("server replied: " + i, peer.text());
            }
        }
    }

    @Test
    void whoDoesNotReadIsDisconnectedAndTheOthersAreAnswered() {
        int port = echo();
        String filling = "x".repeat(256 * 1024);
        try (FramedPeer deaf = FramedPeer.connect(port);
                FramedPeer healthy = FramedPeer.connect(port)) {
            healthy.send("one");
            assertEquals("server replied: one", healthy.text());
            vertx.executeBlocking(() -> {
                for (int i = 0; i < 200; i++) {
                    deaf.send(filling);
                }
                return deaf;
            });
            for (int i = 0; i < 100; i++) {
                healthy.send("" + i);
                assertEquals("server replied: " + i, healthy.text());
            }
            // One that began to read now would be answered.
            await().until(() -> Outcome.value(framed.status()).getInteger("connections") == 1);
            assertTrue(deaf.readToEnd() > 0, "until it was reset");
        }
    }

    @Test
    void whatIsNoTextIsNotAnswered() {
        try (FramedPeer peer = FramedPeer.connect(echo())) {
            peer.write(FramedPeer.frame(io.vertx.core.buffer.Buffer.buffer(new byte[] {(byte) 0xff})))
                    .send("text");
            assertEquals("server replied: text", peer.text());
        }
    }

    @Test
    void theStreamIsFreeWhenItLeaves() {
        int port = serve();
        String echo = Outcome.value(vertx.deployVerticle(new EchoVerticle(ADDRESS)));
        Outcome.value(vertx.undeploy(echo));
        try (Items items = new Items(vertx, Outcome.value(framed.open()));
                FramedPeer peer = FramedPeer.connect(port).send("mine")) {
            assertEquals("mine", items.next().getString("text"));
        }
    }

    @Test
    void embeddedEchoServersDoNotShareAnything() {
        int[] ports = {Ports.free(), Ports.free()};
        for (int port : ports) {
            EmbeddedServer server = Outcome.value(
                    EmbeddedServers.start(vertx, new EmbeddedOptions(EmbeddedOptions.Type.FRAMED_ECHO, port)));
            assertEquals("framed echo server at 127.0.0.1:" + port, server.description());
        }
        for (int port : ports) {
            try (FramedPeer peer = FramedPeer.connect(port).send("a", "b")) {
                assertEquals("server replied: a", peer.text());
                assertEquals("server replied: b", peer.text());
            }
        }
    }

    @Test
    void anEmbeddedServerCloses() {
        int port = Ports.free();
        EmbeddedOptions options = new EmbeddedOptions(EmbeddedOptions.Type.FRAMED_ECHO, port);
        EmbeddedServer server = Outcome.value(EmbeddedServers.start(vertx, options));
        try (FramedPeer peer = FramedPeer.connect(port)) {
            Outcome.value(server.close());
            assertEquals(0, peer.readToEnd());
        }
        assertTrue(vertx.deploymentIDs().isEmpty());
    }

    @Test
    void aServerNobodyKnows() {
        Fields json = Fields.of(new JsonObject().put("type", "gopher").put("port", 70));
        FieldException unknown = Assertions.assertThrows(FieldException.class, () -> EmbeddedOptions.fromJson(json));
        assertEquals(
                "type: unknown (expected: one of [mongodb, amqp, framed-echo, bolt-echo, eventstore])",
                unknown.getMessage());
    }

    private int echo() {
        int port = serve();
        Outcome.value(vertx.deployVerticle(new EchoVerticle(ADDRESS)));
        return port;
    }

    private int serve() {
        JsonObject config = new JsonObject().put("port", 0).put("codec", "utf8");
        Outcome.value(vertx.deployVerticle(new FramedServerVerticle(), new DeploymentOptions().setConfig(config)));
        String target = Outcome.value(framed.status()).getString("target");
        return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
    }
}
