package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Monotonic;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom nobody reads keeps his place, until somebody needs it. */
class FramedUnreadTest {

    /** More than a socket that nobody reads takes: the rest stays in the kernel. */
    private static final String LONG = "x".repeat(300_000);

    private static final int READER_MILLIS = 5_000;

    private final FramedBus bus = new FramedBus();
    private final List<FramedPeer> peers = new ArrayList<>();

    @AfterEach
    void close() {
        peers.forEach(FramedPeer::close);
        bus.close();
    }

    private int server(String options) {
        return bus.server(new JsonObject(options).put("codec", "utf8"));
    }

    private FramedPeer connect(int port) {
        return connect("127.0.0.1", port);
    }

    /** Connects, and is in the list of connections. */
    private FramedPeer connect(String address, int port) {
        String last = lastId();
        FramedPeer peer = FramedPeer.connectFrom(address, port);
        peers.add(peer);
        await().until(() -> !lastId().equals(last));
        return peer;
    }

    private String lastId() {
        List<String> ids = ids("id");
        return ids.isEmpty() ? "" : ids.get(ids.size() - 1);
    }

    /** The ids of those connections for which a field says true; of all for {@code id}. */
    private List<String> ids(String field) {
        return Outcome.value(bus.server().connections()).stream()
                .map(JsonObject.class::cast)
                .filter(each -> field.equals("id") || each.getBoolean(field))
                .map(each -> each.getString("id"))
                .toList();
    }

    private int unread() {
        return Outcome.value(bus.server().status()).getInteger("unread");
    }

    private long dropped() {
        return bus.counter(bus.server(), "unreadConnections");
    }

    @Test
    void whoIsGoneCountsUntilItIsRead() {
        int port = server("{}");
        connect(port).send("1").close();
        connect(port).send("2");
        connect(port);
        await().until(() -> ids("up").equals(List.of("2", "3")) && unread() == 2);
        assertEquals(List.of("1", "2", "3"), ids("id"));
        assertEquals(List.of("1", "2"), ids("unread"));
        assertEquals(3, Outcome.value(bus.server().ping()).getInteger("connections"));
        assertEquals(
                new JsonObject("{\"sent\":2,\"failed\":0}"),
                Outcome.value(bus.server().broadcast(new JsonObject().put("text", "to those who are here"))));
        assertTrue(failure(bus.server()
                        .send(new JsonObject().put("connection", "1").put("text", "x")))
                .startsWith("NOT_FOUND"));
        try (Items items = bus.items(bus.server())) {
            items.next(2);
            await().until(() -> ids("id").equals(List.of("2", "3")) && unread() == 0);
        }
        assertEquals(0, dropped());
    }

    /** First those who are gone, then those with more in the kernel, then those unread longest; never a silent one. */
    @Test
    void aNewcomerGetsThePlaceOfWhomNobodyReads() {
        int port = server("{\"maxConnections\":5}");
        FramedPeer silent = connect(port);
        FramedPeer first = connect(port).send("2");
        await().until(() -> unread() == 1);
        FramedPeer second = connect(port).send("3");
        await().until(() -> unread() == 2);
        FramedPeer full = connect(port).send(LONG);
        await().until(() -> unread() == 3);
        connect(port).send("5").close();
        await().until(() -> unread() == 4 && !ids("up").contains("5"));
        connect(port);
        assertEquals(List.of("1", "2", "3", "4", "6"), ids("id"));
        connect(port);
        assertEquals(List.of("1", "2", "3", "6", "7"), ids("id"));
        assertEquals(0, full.readToEnd());
        connect(port);
        assertEquals(List.of("1", "3", "6", "7", "8"), ids("id"));
        assertEquals(0, first.readToEnd());
        connect(port);
        assertEquals(List.of("1", "6", "7", "8", "9"), ids("id"));
        assertEquals(0, second.readToEnd());
        assertEquals(4, dropped());
        try (FramedPeer refused = FramedPeer.connect(port)) {
            assertEquals(0, refused.readToEnd());
        }
        assertEquals(1, bus.counter(bus.server(), "refusedConnections"));
        Outcome.value(bus.server().send(new JsonObject().put("connection", "1").put("text", "stays")));
        assertEquals("stays", silent.text());
    }

    @Test
    void onlyThePlaceOfItsAddressHelpsWhoHasTooManyOfIt() {
        int port = server("{\"maxConnectionsPerAddress\":1}");
        connect("127.0.0.2", port).send("1").close();
        await().until(() -> unread() == 1 && ids("up").isEmpty());
        connect("127.0.0.1", port).send("2").close();
        await().until(() -> unread() == 2 && ids("up").isEmpty());
        connect("127.0.0.1", port);
        assertEquals(List.of("1", "3"), ids("id"));
        try (Items items = bus.items(bus.server())) {
            assertEquals("1", items.next().getString("text"));
        }
    }

    /** Between two pages everybody is unread for a moment: no stranger gets a place by that. */
    @Test
    void whoWasReadJustNowIsNotDropped() {
        int port = server("{\"maxConnections\":1}");
        connect(port).send("1", "2", "3");
        JsonObject handle = Outcome.value(bus.server().open());
        long beforeMillis = Monotonic.millis();
        JsonObject next = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", 1)
                .put("max", 1);
        JsonArray items = Outcome.value(bus.vertx
                .eventBus()
                .<JsonObject>request(
                        handle.getString("address"), next, new DeliveryOptions().addHeader("action", "next"))
                .map(page -> page.body().getJsonArray("items")));
        assertEquals("1", items.getJsonObject(0).getString("text"));
        assertEquals(1, unread());
        try (FramedPeer newcomer = FramedPeer.connect(port)) {
            boolean soon = newcomer.finish().readToEnd() == 0 && Monotonic.millis() - beforeMillis < READER_MILLIS;
            assertTrue(!soon || dropped() == 0);
            assertTrue(!soon || bus.counter(bus.server(), "refusedConnections") == 1);
        }
    }

    /** A reset takes with it what was sent before; it is counted. */
    @Test
    void whatAResetTookIsCounted() {
        int port = server("{}");
        FramedPeer peer = connect(port).send("unread");
        await().until(() -> unread() == 1);
        peer.reset();
        await().until(() -> dropped() == 1);
        assertEquals(List.of(), ids("id"));
        connect(port).reset();
        await().until(() -> ids("id").isEmpty());
        assertEquals(1, dropped());
    }

    /**
     * Its end is behind what nobody reads, so the first message to it succeeds: the system has taken it. When the peer's system
     * has answered that, the next one fails; what was unread can still be read.
     */
    @Test
    void aSendToWhoIsGoneBehindUnreadBytesSucceedsForOneRoundTripOnly() {
        int port = server("{}");
        String[] sent =
                IntStream.range(100, 170).mapToObj(i -> i + "x".repeat(1_000)).toArray(String[]::new);
        connect(port).send(sent).close();
        await().until(() -> unread() == 1);
        assertEquals(List.of("1"), ids("up"));
        JsonObject message = new JsonObject().put("connection", "1").put("text", "is anybody there?");
        List<String> failures = new ArrayList<>();
        await().until(() -> {
            Future<Void> send = bus.server().send(message);
            String outcome = Outcome.value(send.map("sent").otherwise(no -> failure(Future.failedFuture(no))));
            return !outcome.equals("sent") && failures.add(outcome.split(" ")[0]);
        });
        assertEquals(List.of("UNKNOWN_OUTCOME"), failures);
        assertEquals(List.of(), ids("up"));
        assertEquals(List.of("1"), ids("unread"));
        try (Items items = bus.items(bus.server())) {
            assertEquals(
                    List.of(sent),
                    items.next(sent.length).stream()
                            .map(item -> item.getString("text"))
                            .toList());
            await().until(() -> ids("id").isEmpty());
        }
        assertEquals(0, dropped());
    }

    /** Neither read, and then one broke it: senders hear of it at once, and what is lost is counted when the rest is read. */
    @Test
    void whatABrokenWriteTookIsCounted() {
        int port = server("{}");
        FramedPeer peer = connect(port).send(numbered());
        await().until(() -> unread() == 1);
        JsonObject large = new JsonObject().put("connection", "1").put("text", "x".repeat(8_000_000));
        List<Future<Void>> sends = List.of(
                bus.server().send(large), bus.server().send(large), bus.server().send(large));
        await().until(() -> bus.counter(bus.server(), "requests") >= sends.size());
        peer.reset();
        sends.forEach(send -> assertTrue(Set.of("UNKNOWN_OUTCOME", "CONNECTION_LOST")
                .contains(failure(send).split(" ")[0])));
        await().until(() -> ids("up").isEmpty());
        assertEquals(List.of("1"), ids("id"));
        try (Items items = bus.items(bus.server())) {
            assertTrue(items.next().getString("text").startsWith("100"));
            await().until(() -> ids("id").isEmpty());
            assertTrue(items.rest().stream().noneMatch(item -> item.containsKey("failure")));
        }
        assertEquals(1, dropped());
    }

    /** More than a socket that nobody reads takes, and no more than the system does. */
    private static String[] numbered() {
        return IntStream.range(100, 170).mapToObj(i -> i + "x".repeat(1_000)).toArray(String[]::new);
    }

    /** A server that only talks: all are paused, none is unread. */
    @Test
    void whoOnlyListensStays() {
        int port = server("{\"maxConnections\":10}");
        List<FramedPeer> listeners =
                IntStream.range(0, 10).mapToObj(i -> connect(port)).toList();
        try (FramedPeer refused = FramedPeer.connect(port)) {
            assertEquals(0, refused.readToEnd());
        }
        assertEquals(0, unread());
        assertEquals(
                10,
                Outcome.value(bus.server().broadcast(new JsonObject().put("text", "hello")))
                        .getInteger("sent"));
        listeners.forEach(each -> assertEquals("hello", each.text()));
    }
}
