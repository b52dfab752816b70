package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.FramedPeer.Door;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C3-7: connections that come and go: how many, how long, what is said of them. */
class FramedConnectionsTest {

    private final FramedBus bus = new FramedBus();
    private final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        bus.close();
    }

    private int server(String options) {
        Outcome.value(bus.vertx
                .eventBus()
                .<JsonObject>consumer(FramedBus.SERVER + ".events", event -> {
                    if (event.body().containsKey("connection")) {
                        events.add(event.body());
                    }
                })
                .completion());
        return bus.server(new JsonObject(options).put("codec", "utf8"));
    }

    /** The next event of a connection: what, whose, why. */
    private String event() {
        JsonObject body = next();
        assertEquals("framed-server", body.getString("name"), "it has the form of all events");
        assertEquals("ready", body.getString("state").replace("closed", "ready"));
        JsonObject connection = body.getJsonObject("connection");
        assertTrue(connection.getString("remote").contains("127.0.0."), connection::encode);
        String reason = connection.getString("reason");
        return connection.getString("id") + " " + connection.getString("event") + (reason == null ? "" : " " + reason);
    }

    private JsonObject next() {
        try {
            JsonObject event = events.poll(60, TimeUnit.SECONDS);
            assertTrue(event != null, "no event");
            return event;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void eachEndHasItsReason() {
        int port = server("{\"maxFrameBytes\":100,\"frameTimeoutMillis\":200}");
        try (Items items = bus.items(bus.server())) {
            FramedPeer.connect(port).send("a").close();
            assertEquals(List.of("1 opened", "1 closed ended"), List.of(event(), event()));
            FramedPeer.connect(port).write(Vectors.bytes("00000065"));
            assertEquals(List.of("2 opened", "2 closed violation"), List.of(event(), event()));
            FramedPeer.connect(port).write(Vectors.bytes("000000")).close();
            assertEquals(List.of("3 opened", "3 closed violation"), List.of(event(), event()));
            FramedPeer.connect(port).write(Vectors.bytes("000000"));
            assertEquals(List.of("4 opened", "4 closed violation"), List.of(event(), event()));
            FramedPeer.connect(port).reset();
            assertEquals(List.of("5 opened", "5 closed lost"), List.of(event(), event()));
            try (FramedPeer sixth = FramedPeer.connect(port)) {
                assertEquals("6 opened", event());
                Outcome.value(bus.server().disconnect("6"));
                assertEquals("6 closed disconnected", event());
                assertEquals(0, sixth.readToEnd());
            }
            assertEquals("a", items.next().getString("text"));
            assertEquals(3, items.next(3).size());
            assertEquals(3, bus.counter(bus.server(), "brokenOff"));
        }
        try (FramedPeer seventh = FramedPeer.connect(port)) {
            assertEquals("7 opened", event());
            bus.vertx.deploymentIDs().forEach(id -> Outcome.value(bus.vertx.undeploy(id)));
            assertEquals("7 closed leaving", event());
            assertEquals(0, seventh.readToEnd());
        }
    }

    @Test
    void aClientTellsTheSame() {
        try (Door door = new Door()) {
            Outcome.value(bus.vertx
                    .eventBus()
                    .<JsonObject>consumer(FramedBus.CLIENT + ".events", event -> {
                        if (event.body().containsKey("connection")) {
                            events.add(event.body().getJsonObject("connection"));
                        }
                    })
                    .completion());
            bus.client(door.port(), "utf8");
            door.accept().close();
            assertEquals("opened", next().getString("event"));
            JsonObject closed = next();
            assertEquals("ended", closed.getString("reason"));
            assertTrue(closed.getString("message").endsWith("closed by the peer"), closed::encode);
            assertEquals("2", next().getString("id"));
        }
    }

    @Test
    void asThePageShowsThem() {
        List<JsonObject> shown = Readme.block("docs/framed.md", "events: of a connection").stream()
                .map(line -> new JsonObject("{" + line + "}").getJsonObject("connection"))
                .toList();
        int port = server("{}");
        try (Items items = bus.items(bus.server())) {
            FramedPeer.connect(port).close();
            for (JsonObject each : shown) {
                JsonObject came = next().getJsonObject("connection");
                assertEquals(each.fieldNames(), came.fieldNames());
                for (String name : List.of("event", "reason")) {
                    assertEquals(each.getString(name), came.getString(name));
                }
            }
            assertEquals(List.of(), items.next(0));
        }
    }

    /** S15: an address has its own limit, and others come in. */
    @Test
    void noMoreThanMaxConnectionsPerAddress() {
        int port = server("{\"maxConnectionsPerAddress\":2}");
        try (Items items = bus.items(bus.server());
                FramedPeer one = FramedPeer.connectFrom("127.0.0.1", port).send("1");
                FramedPeer two = FramedPeer.connectFrom("127.0.0.1", port).send("2")) {
            items.next(2);
            try (FramedPeer third = FramedPeer.connectFrom("127.0.0.1", port)) {
                assertEquals(0, third.readToEnd());
            }
            try (FramedPeer elsewhere =
                    FramedPeer.connectFrom("127.0.0.2", port).send("3")) {
                assertEquals("3", items.next().getString("text"));
            }
            assertEquals(1, bus.counter(bus.server(), "refusedConnections"));
            one.close();
            await().until(() -> Outcome.value(bus.server().connections()).size() == 1);
            try (FramedPeer again = FramedPeer.connectFrom("127.0.0.1", port).send("4")) {
                assertEquals("4", items.next().getString("text"));
            }
            two.close();
        }
    }

    /** S04, S15: silence ends a connection, and no one else's. */
    @Test
    void silenceIsBounded() {
        int port = server("{\"idleTimeoutMillis\":1000}");
        try (Items items = bus.items(bus.server());
                FramedPeer silent = FramedPeer.connect(port)) {
            assertEquals("1 opened", event());
            assertEquals(0, silent.readToEnd());
            assertEquals("1 closed idle", event());
            assertEquals(1, bus.counter(bus.server(), "idleConnections"));
            assertEquals(0, bus.counter(bus.server(), "brokenOff"));
            try (FramedPeer talks = FramedPeer.connect(port)) {
                for (int i = 0; i < 10; i++) {
                    talks.send("" + i);
                    assertEquals("" + i, items.next().getString("text"));
                }
            }
        }
    }

    /** S14: who never reads costs at most {@code maxOutputBytes} and one message, for {@code slowPeerMillis}. */
    @Test
    void whoDoesNotReadIsDropped() {
        int port = server("{\"maxOutputBytes\":1048576,\"slowPeerMillis\":300}");
        JsonObject large = new JsonObject().put("connection", "1").put("text", "x".repeat(100_000));
        try (FramedPeer peer = FramedPeer.connect(port);
                FramedPeer other = FramedPeer.connect(port)) {
            assertEquals(List.of("1 opened", "2 opened"), List.of(event(), event()));
            List<Future<Void>> sends = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                sends.add(bus.server().send(large));
            }
            Set<String> failures = new TreeSet<>();
            for (Future<Void> send : sends) {
                String outcome = Outcome.value(send.map("sent").otherwise(no -> failure(Future.failedFuture(no))));
                failures.add(outcome.split(" ")[0]);
            }
            // What a busy machine sends when the peer has been dropped.
            failures.remove("NOT_FOUND");
            assertEquals(Set.of("sent", "OVERLOADED", "CONNECTION_LOST", "UNKNOWN_OUTCOME"), failures);
            JsonObject slow = next().getJsonObject("connection");
            assertEquals("slow", slow.getString("reason"));
            assertTrue(slow.getString("message").endsWith("has read nothing for 300 ms"), slow::encode);
            assertEquals(1, bus.counter(bus.server(), "slowPeers"));
            assertTrue(peer.readToEnd() > 0);
            Outcome.value(
                    bus.server().send(new JsonObject().put("connection", "2").put("text", "fine")));
            assertEquals("fine", other.text());
        }
    }

    /** Slow, and still reading: it has as long as it needs. */
    @Test
    void whoReadsSlowlyStays() {
        int port = server("{\"slowPeerMillis\":1500}");
        JsonObject large = new JsonObject().put("connection", "1").put("text", "x".repeat(256 * 1024));
        try (FramedPeer peer = FramedPeer.connect(port)) {
            assertEquals("1 opened", event());
            List<Future<Void>> sends = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                sends.add(bus.server().send(large));
            }
            for (int i = 0; i < 60; i++) {
                Outcome.value(bus.vertx.timer(30));
                assertEquals(256 * 1024, peer.text().length());
            }
            Outcome.value(Future.all(sends));
            assertEquals(0, bus.counter(bus.server(), "slowPeers"));
        }
    }

    /** Nobody comes in any more, who is in gets all that was sent, and then the end. */
    @Test
    void itStopsWithoutLosingWhatWasSent() {
        int port = server("{\"drainMillis\":30000}");
        JsonObject large = new JsonObject().put("connection", "1").put("text", "x".repeat(1024 * 1024));
        try (FramedPeer peer = FramedPeer.connect(port)) {
            assertEquals("1 opened", event());
            List<Future<Void>> sends = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sends.add(bus.server().send(large));
            }
            await().until(() -> bus.counter(bus.server(), "requests") >= 8);
            Future<Void> stopped =
                    bus.vertx.undeploy(bus.vertx.deploymentIDs().iterator().next());
            await().until(() -> isClosed(port));
            for (int i = 0; i < 8; i++) {
                assertEquals(1024 * 1024, peer.read().length());
            }
            assertEquals(0, peer.readToEnd());
            Outcome.value(Future.all(sends));
            Outcome.value(stopped);
            assertEquals("1 closed leaving", event());
        }
    }

    private static boolean isClosed(int port) {
        try (FramedPeer late = FramedPeer.connect(port)) {
            return false;
        } catch (UncheckedIOException refused) {
            return true;
        }
    }

    /** What is sent within the last turn before it stops is written, too. */
    @Test
    void theLastWordIsHeard() {
        int port = server("{\"drainMillis\":0}");
        try (FramedPeer peer = FramedPeer.connect(port)) {
            assertEquals("1 opened", event());
            for (int i = 0; i < 100; i++) {
                bus.vertx
                        .eventBus()
                        .send(
                                FramedBus.SERVER + ".raw",
                                Buffer.buffer("" + i),
                                new io.vertx.core.eventbus.DeliveryOptions()
                                        .addHeader("action", "send")
                                        .addHeader("connection", "1"));
            }
            await().until(() -> bus.counter(bus.server(), "sent") == 100);
            bus.vertx.deploymentIDs().forEach(id -> Outcome.value(bus.vertx.undeploy(id)));
            for (int i = 0; i < 100; i++) {
                assertEquals("" + i, peer.text());
            }
            assertThrows(UncheckedIOException.class, peer::read);
        }
    }
}
