package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that reads slowly or not at all: who sends waits, in order, as long as its deadline lets it, in bounds. */
class FramedWritingTest {

    private static final int SENDS = 256;
    /** With {@link #SENDS} more than loopback takes from a peer that does not read, and not more than may wait. */
    private static final String FILLING = "x".repeat(64 * 1024 - 8);

    private static final JsonObject SMALL = new JsonObject().put("text", "small");

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void sendsWaitForThePeerAndGoInOrder() {
        int port = bus.server("utf8");
        try (FramedPeer peer = named(port, "1")) {
            List<Future<Void>> sends = fill("1", FramedService.proxy(bus.vertx, FramedBus.SERVER));
            for (int i = 0; i < SENDS; i++) {
                assertEquals(i + FILLING, peer.text());
            }
            Outcome.value(Future.all(sends));
            assertEquals(SENDS, bus.counter(bus.server(), "sent"));
        }
    }

    /** What is UNAVAILABLE never arrives; everything else does, once and in order, and so does what is sent later. */
    @Test
    void whoseDeadlineIsOverIsNotSentLater() {
        int port = bus.server("utf8");
        try (FramedPeer peer = named(port, "1")) {
            List<Future<Void>> sends = fill("1", FramedService.proxy(bus.vertx, FramedBus.SERVER, 500));
            List<String> arriving = new ArrayList<>();
            int unavailable = 0;
            for (int i = 0; i < SENDS; i++) {
                String outcome = outcome(sends.get(i));
                if (outcome.equals("UNAVAILABLE not sent by the deadline: the peer " + remote() + " did not read")) {
                    unavailable++;
                } else {
                    assertTrue(outcome.equals("sent") || outcome.startsWith("TIMEOUT "), outcome);
                    arriving.add(i + FILLING);
                }
            }
            assertTrue(unavailable > 0, "the system took all: " + arriving.size());
            Future<Void> later = bus.server().send(SMALL.copy().put("connection", "1"));
            arriving.add("small");
            for (String each : arriving) {
                assertEquals(each, peer.text());
            }
            Outcome.value(later);
        }
    }

    @Test
    void noMoreWaitsThanTheLargestMessageHas() {
        int port = bus.server(new JsonObject().put("codec", "utf8").put("maxFrameBytes", 64 * 1024));
        try (FramedPeer peer = named(port, "1")) {
            List<Future<Void>> sends = fill("1", FramedService.proxy(bus.vertx, FramedBus.SERVER));
            await().until(() -> sends.stream().anyMatch(Future::failed));
            assertEquals(
                    "OVERLOADED",
                    failure(sends.stream().filter(Future::failed).findFirst().orElseThrow())
                            .split(" ")[0]);
            Outcome.value(bus.server().disconnect("1"));
            assertTrue(peer.readToEnd() > 0);
            sends.forEach(FramedWritingTest::outcome);
        }
    }

    /** Two that do not read and one that does, and one deadline for all three. */
    @Test
    void aBroadcastIsOverAtItsDeadline() {
        int port = bus.server("utf8");
        try (FramedPeer one = named(port, "1");
                FramedPeer two = named(port, "2");
                FramedPeer three = named(port, "3")) {
            FramedService hasty = FramedService.proxy(bus.vertx, FramedBus.SERVER, 500);
            fill("1", bus.server());
            fill("2", bus.server());
            assertEquals(new JsonObject("{\"sent\":1,\"failed\":2}"), Outcome.value(hasty.broadcast(SMALL)));
            assertEquals("small", three.text());
            assertTrue(one.text().startsWith("0") && two.text().startsWith("0"));
        }
    }

    @Test
    void leavingDoesNotWaitForWhoDoesNotRead() {
        int port = bus.server(new JsonObject().put("codec", "utf8").put("drainMillis", 100));
        try (FramedPeer peer = named(port, "1")) {
            List<Future<Void>> sends = fill("1", FramedService.proxy(bus.vertx, FramedBus.SERVER));
            String id = bus.vertx.deploymentIDs().iterator().next();
            Outcome.value(bus.vertx.undeploy(id));
            List<String> outcomes = sends.stream()
                    .map(FramedWritingTest::outcome)
                    .map(s -> s.split(" ")[0])
                    .toList();
            assertTrue(
                    List.of("sent", "UNKNOWN_OUTCOME", "SHUTTING_DOWN", "UNAVAILABLE")
                            .containsAll(outcomes),
                    outcomes::toString);
            assertTrue(outcomes.contains("SHUTTING_DOWN"), outcomes::toString);
            assertTrue(peer.readToEnd() > 0);
        }
    }

    /** A connection that the server knows under {@code id}. */
    private FramedPeer named(int port, String id) {
        FramedPeer peer = FramedPeer.connect(port).send("here");
        try (Items items = bus.items(bus.server())) {
            assertEquals(new JsonObject().put("connection", id).put("text", "here"), items.next());
        }
        return peer;
    }

    private List<Future<Void>> fill(String connection, FramedService service) {
        return IntStream.range(0, SENDS)
                .mapToObj(i -> service.send(
                        new JsonObject().put("connection", connection).put("text", i + FILLING)))
                .toList();
    }

    private String remote() {
        return Outcome.value(bus.server().connections()).getJsonObject(0).getString("remote");
    }

    /** {@code sent}, or the failure. */
    private static String outcome(Future<Void> send) {
        return Outcome.value(send.map("sent").otherwise(failed -> failure(Future.failedFuture(failed))));
    }
}
