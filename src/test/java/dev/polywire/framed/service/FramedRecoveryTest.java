package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.FramedPeer.Door;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C3-7: a client whose server is late, goes away, and comes back. */
class FramedRecoveryTest {

    private static final JsonObject HELLO = new JsonObject().put("text", "hello");

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private enum End {
        FIN,
        RST;

        void of(FramedPeer peer) {
            if (this == FIN) {
                peer.close();
            } else {
                peer.reset();
            }
        }
    }

    @Test
    void sendsWaitForTheServerAndGoInOrder() {
        int port = Ports.free();
        bus.client(port, "utf8");
        List<Future<Void>> sends = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sends.add(bus.client().send(new JsonObject().put("text", "" + i)));
        }
        try (Door door = new Door(port);
                FramedPeer server = door.accept()) {
            for (int i = 0; i < 100; i++) {
                assertEquals("" + i, server.text());
            }
            Outcome.value(Future.all(sends));
        }
    }

    @Test
    void whoCannotWaitHearsWhy() {
        int port = Ports.free();
        bus.client(port, "utf8");
        FramedService hasty = FramedService.proxy(bus.vertx, FramedBus.CLIENT, 200);
        String why = "cannot connect to 127.0.0.1:" + port;
        await().until(() ->
                Outcome.value(bus.client().status()).getString("reason", "").contains(why));
        String reason = "UNAVAILABLE no connection by the deadline: " + why;
        String sent = failure(hasty.send(HELLO));
        assertTrue(sent.startsWith(reason), sent);
        assertTrue(failure(hasty.ping()).startsWith(reason));
        assertEquals(
                new JsonObject("{\"sent\":0,\"failed\":0}"),
                Outcome.value(bus.client().broadcast(HELLO)));
        assertEquals(new JsonArray(), Outcome.value(bus.client().connections()));
        assertEquals("connecting", Outcome.value(bus.client().status()).getString("state"));
        try (Door door = new Door(port);
                FramedPeer server = door.accept()) {
            Outcome.value(bus.client().send(HELLO.copy().put("text", "the second")));
            assertEquals("the second", server.text());
        }
    }

    @Test
    void failFast() {
        int port = Ports.free();
        Throwable failed = Outcome.failure(bus.deploying(
                new FramedClientVerticle(), new JsonObject().put("port", port).put("failFast", true)));
        assertTrue(failed.getMessage().startsWith("cannot connect to 127.0.0.1:" + port + ": "), failed.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatOnlySendsComesBack(End end) {
        try (Door door = new Door()) {
            bus.client(door.port(), "utf8");
            FramedPeer first = door.accept();
            Outcome.value(bus.client().send(HELLO));
            assertEquals("hello", first.text());
            end.of(first);
            try (FramedPeer second = door.accept()) {
                assertEquals(
                        "NOT_FOUND connection: not up any more",
                        failure(bus.client().send(HELLO.copy().put("connection", "1"))));
                Outcome.value(bus.client().send(HELLO));
                assertEquals("hello", second.text());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderGoesOnWithTheNextConnection(End end) {
        try (Door door = new Door()) {
            bus.client(door.port(), "utf8");
            try (Items items = bus.items(bus.client())) {
                for (int i = 1; i <= 3; i++) {
                    FramedPeer server = door.accept();
                    server.send("from " + i);
                    assertEquals(new JsonObject().put("connection", "" + i).put("text", "from " + i), items.next());
                    end.of(server);
                }
            }
        }
    }

    /** The old connection's messages are read, and the new one is used, as soon as there is somebody to do so. */
    @Test
    void whatAServerSentBeforeItLeftIsNotLost() {
        try (Door door = new Door()) {
            bus.client(door.port(), "utf8");
            door.accept().send("one", "two").close();
            try (FramedPeer second = door.accept()) {
                second.send("three");
                Outcome.value(bus.client().send(HELLO));
                assertEquals("hello", second.text());
                JsonArray both = Outcome.value(bus.client().connections());
                assertEquals(List.of("1", "2"), each(both, "id"));
                assertEquals(List.of(false, true), each(both, "up"));
                await().until(() -> Outcome.value(bus.client().status()).getInteger("unread") == 2);
                try (Items items = bus.items(bus.client())) {
                    assertEquals(
                            List.of("1 one", "1 two", "2 three"),
                            items.next(3).stream()
                                    .map(item -> item.getString("connection") + " " + item.getString("text"))
                                    .toList());
                }
            }
            assertEquals(0, bus.counter(bus.client(), "unreadConnections"));
        }
    }

    /** Its end is behind what nobody reads: two sends find it out, the next goes to the new one, and all of it is read. */
    @Test
    void aServerThatLeftBehindUnreadMessagesIsNotLostEither() {
        String[] sent =
                IntStream.range(100, 170).mapToObj(i -> i + "x".repeat(1_000)).toArray(String[]::new);
        try (Door door = new Door()) {
            bus.client(door.port(), "utf8");
            door.accept().send(sent).close();
            await().until(() -> Outcome.value(bus.client().status()).getInteger("unread") == 1);
            await().until(() -> Outcome.value(
                            bus.client().send(HELLO).map("sent").otherwise("failed"))
                    .equals("failed"));
            try (FramedPeer second = door.accept()) {
                Outcome.value(bus.client().send(HELLO));
                assertEquals("hello", second.text());
                try (Items items = bus.items(bus.client())) {
                    assertEquals(
                            List.of(sent),
                            items.next(sent.length).stream()
                                    .map(item -> item.getString("text"))
                                    .toList());
                }
            }
        }
    }

    private static List<Object> each(JsonArray connections, String field) {
        return connections.stream()
                .map(one -> ((JsonObject) one).getValue(field))
                .toList();
    }

    @Test
    void whatNobodyReadsIsKeptInBoundsAndCounted() {
        try (Door door = new Door()) {
            bus.client(door.port(), "utf8");
            for (int i = 1; i <= 5; i++) {
                door.accept().send("" + i).close();
            }
            FramedPeer last = door.accept().send("6");
            await().until(() -> bus.counter(bus.client(), "unreadConnections") == 2);
            try (last;
                    Items items = bus.items(bus.client())) {
                assertEquals(
                        List.of("3", "4", "5", "6"),
                        items.next(4).stream()
                                .map(item -> item.getString("text"))
                                .toList());
                Outcome.value(bus.client().send(HELLO));
                assertEquals("hello", last.text());
            }
        }
    }

    @Test
    void disconnectedItDialsAgain() {
        try (Door door = new Door()) {
            bus.client(door.port(), "utf8");
            FramedPeer first = door.accept();
            await().until(() -> !Outcome.value(bus.client().connections()).isEmpty());
            Outcome.value(bus.client().disconnect("1"));
            assertEquals(0, first.readToEnd());
            try (FramedPeer second = door.accept()) {
                Outcome.value(bus.client().send(HELLO));
                assertEquals("hello", second.text());
            }
        }
    }
}
