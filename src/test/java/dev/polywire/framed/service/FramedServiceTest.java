package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.SERVER;
import static dev.polywire.framed.service.FramedBus.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that the service does while nothing breaks: both roles, real sockets, messages on the bus. */
class FramedServiceTest {

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    /** C2-2: 1,000 messages, there through slices of 1 to 10 bytes and back; null is one like any other. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "raw    | bytes | [\"AQ==\",\"\",\"c3RyaW5n\"]",
                "utf8   | text  | [\"string\",\"\",\"another string\"]",
                "json   | value | [1,\"string\",true,{\"key\":\"value\"},[1,2,3],null,\"another string\"]",
                "cbor   | value | [1,\"string\",true,{\"key\":\"value\"},[1,2,3],null,{\"$bytes\":\"AQ==\"},{\"$set\":[1]}]",
                "pickle | value | [1,\"string\",true,{\"key\":\"value\"},[1,2,3],null,\"another string\",{\"$tuple\":[1,2,3]}]",
            })
    void chunkedMessages(String codec, String field, String values) {
        JsonArray data = new JsonArray(values);
        Random random = new Random(10);
        List<JsonObject> picks = random.ints(1_000, 0, data.size())
                .mapToObj(i -> new JsonObject().put(field, data.getValue(i)))
                .toList();
        int serverPort = bus.server(codec);
        try (Slicer slicer = new Slicer(serverPort, random)) {
            bus.client(slicer.port(), codec);
            Items atServer = bus.items(bus.server());
            Items atClient = bus.items(bus.client());
            List<Future<Void>> sent = picks.stream().map(bus.client()::send).toList();
            for (JsonObject pick : picks) {
                JsonObject item = atServer.next();
                assertEquals(pick.copy().put("connection", "1"), item);
                Outcome.value(bus.server().send(item));
            }
            for (JsonObject pick : picks) {
                assertEquals(pick.copy().put("connection", "1"), atClient.next());
            }
            Outcome.value(Future.all(sent));
            assertEquals(1_000, bus.counter(bus.server(), "received"));
            assertEquals(1_000, bus.counter(bus.server(), "sent"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "raw  | {\"bytes\":\"aGk=\"} | hi",
                "utf8 | {\"text\":\"hi\"}    | hi",
                "json | {\"value\":\"hi\"}   | \"hi\"",
                "json | {\"value\":null}     | null",
            })
    void codecs(String codec, String message, String payload) {
        int port = bus.server(codec);
        try (FramedPeer peer = FramedPeer.connect(port);
                Items items = bus.items(bus.server())) {
            peer.send(payload);
            JsonObject item = items.next();
            assertEquals(new JsonObject(message).put("connection", "1"), item);
            Outcome.value(bus.server().send(item));
            assertEquals(payload, peer.text());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"text\":\"hi\",\"connection\":\"1\"} | BAD_REQUEST message.value: missing (expected with codec json)",
                "{\"value\":1,\"connection\":1}   | BAD_REQUEST message.connection: 1 (expected: a string)",
                "{\"value\":1,\"more\":2}         | BAD_REQUEST message.more: unknown field",
                "{\"value\":1}                    | BAD_REQUEST connection: missing (expected: the id of a connection)",
                "{\"value\":1,\"connection\":null}| BAD_REQUEST connection: missing (expected: the id of a connection)",
                "{\"value\":1,\"connection\":\"9\"} | NOT_FOUND connection: not up any more",
            })
    void whatTheCallerGotWrong(String message, String failure) {
        bus.server("json");
        assertEquals(failure, failure(bus.server().send(new JsonObject(message))));
        assertEquals(0, bus.counter(bus.server(), "sent"));
    }

    @Test
    void connectionsAreNamedAndListed() {
        int port = bus.server("utf8");
        assertEquals(new JsonArray(), Outcome.value(bus.server().connections()));
        try (FramedPeer one = FramedPeer.connect(port);
                FramedPeer two = FramedPeer.connect(port);
                Items items = bus.items(bus.server())) {
            one.send("one");
            JsonObject first = items.next();
            two.send("two");
            JsonObject second = items.next();
            assertNotEquals(first.getString("connection"), second.getString("connection"));
            JsonArray all = Outcome.value(bus.server().connections());
            assertEquals(2, all.size());
            assertEquals(
                    List.of("1", "2"),
                    all.stream()
                            .map(each -> ((JsonObject) each).getString("id"))
                            .toList());
            assertNotNull(Instant.parse(all.getJsonObject(0).getString("since")));
            assertEquals(2, Outcome.value(bus.server().ping()).getInteger("connections"));
            Outcome.value(bus.server().send(second.copy().put("text", "for two")));
            Outcome.value(bus.server().send(first.copy().put("text", "for one")));
            assertEquals("for one", one.text());
            assertEquals("for two", two.text());
        }
    }

    @Test
    void aBroadcastGoesToAll() {
        int port = bus.server("utf8");
        JsonObject all = new JsonObject().put("text", "all");
        assertEquals(
                new JsonObject("{\"sent\":0,\"failed\":0}"),
                Outcome.value(bus.server().broadcast(all)));
        try (FramedPeer one = FramedPeer.connect(port);
                FramedPeer two = FramedPeer.connect(port);
                Items items = bus.items(bus.server())) {
            one.send("here");
            two.send("here");
            items.next(2);
            JsonObject outcome = Outcome.value(bus.server().broadcast(all));
            assertEquals(new JsonObject("{\"sent\":2,\"failed\":0}"), outcome);
            assertEquals("all", one.text());
            assertEquals("all", two.text());
            assertEquals(
                    "BAD_REQUEST connection: unknown field (expected: none, a broadcast goes to all)",
                    failure(bus.server().broadcast(all.copy().put("connection", "1"))));
        }
    }

    @Test
    void disconnecting() {
        int port = bus.server("utf8");
        try (FramedPeer peer = FramedPeer.connect(port);
                Items items = bus.items(bus.server())) {
            peer.send("here");
            JsonObject item = items.next();
            Outcome.value(bus.server().send(item.copy().put("text", "and good bye")));
            Outcome.value(bus.server().disconnect("1"));
            assertEquals("and good bye", peer.text());
            assertEquals(0, peer.readToEnd());
            assertEquals(
                    "NOT_FOUND connection: not up any more",
                    failure(bus.server().disconnect("1")));
            assertEquals(
                    "NOT_FOUND connection: not up any more",
                    failure(bus.server().send(item)));
        }
    }

    @Test
    void oneReaderAtATime() {
        int port = bus.server("utf8");
        try (FramedPeer peer = FramedPeer.connect(port)) {
            Items first = bus.items(bus.server());
            assertEquals(
                    "CONFLICT the incoming messages are being read: by a stream, or by a binding",
                    failure(bus.server().open()));
            peer.send("one");
            assertEquals("one", first.next().getString("text"));
            first.close();
            peer.send("two");
            try (Items second = bus.items(bus.server())) {
                assertEquals("two", second.next().getString("text"));
            }
        }
    }

    @Test
    void aReaderThatIsGoneLosesItsLease() {
        bus.server(new JsonObject().put("codec", "utf8").put("leaseMillis", 100));
        Outcome.value(bus.server().open());
        Outcome.value(retried(() -> bus.server().open()));
        // The second may have lapsed by now, too.
        assertTrue(bus.counter(bus.server(), "lapsedStreams") >= 1);
    }

    /** Asks again while the answer is CONFLICT. */
    private <T> Future<T> retried(java.util.function.Supplier<Future<T>> asking) {
        return asking.get().recover(conflict -> bus.vertx.timer(10).compose(again -> retried(asking)));
    }

    @Test
    void theRawDoor() {
        int port = bus.server("json");
        try (FramedPeer peer = FramedPeer.connect(port);
                Items items = bus.items(bus.server())) {
            peer.send("1");
            items.next();
            Outcome.value(raw(Buffer.buffer(new byte[] {0, 1}), "send", "1"));
            assertEquals(Buffer.buffer(new byte[] {0, 1}), peer.read());
            Object all = Outcome.value(raw(Buffer.buffer(), "broadcast", null));
            assertEquals(new JsonObject("{\"sent\":1,\"failed\":0}"), all);
            assertEquals(Buffer.buffer(), peer.read());
            assertEquals(
                    "BAD_REQUEST connection: missing (expected: the id of a connection)",
                    failure(raw(Buffer.buffer(), "send", null)));
            assertEquals("NOT_FOUND connection: not up any more", failure(raw(Buffer.buffer(), "send", "2")));
            assertEquals(
                    "BAD_REQUEST connection: unknown field (expected: none, a broadcast goes to all)",
                    failure(raw(Buffer.buffer(), "broadcast", "1")));
            assertEquals("BAD_REQUEST body: not bytes (expected: a buffer)", failure(raw("text", "send", "1")));
            String unknown = failure(raw(Buffer.buffer(), "open", null));
            assertTrue(unknown.startsWith("BAD_REQUEST action: unknown (expected: one of ["), unknown);
            List.of("send", "request", "broadcast").forEach(action -> assertTrue(unknown.contains(action), unknown));
        }
    }

    private Future<Object> raw(Object body, String action, String connection) {
        DeliveryOptions options = new DeliveryOptions().addHeader("action", action);
        if (connection != null) {
            options.addHeader("connection", connection);
        }
        return bus.vertx.eventBus().request(SERVER + ".raw", body, options).map(reply -> reply.body());
    }

    @Test
    void noMoreThanMaxConnections() {
        int port = bus.server(new JsonObject().put("codec", "utf8").put("maxConnections", 2));
        try (Items items = bus.items(bus.server())) {
            List<FramedPeer> peers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                peers.add(FramedPeer.connect(port).send("in"));
                items.next();
            }
            try (FramedPeer third = FramedPeer.connect(port)) {
                assertEquals(0, third.readToEnd());
            }
            assertEquals(1, bus.counter(bus.server(), "refusedConnections"));
            Outcome.value(bus.server().disconnect("1"));
            try (FramedPeer fourth = FramedPeer.connect(port).send("now")) {
                assertEquals(new JsonObject("{\"connection\":\"3\",\"text\":\"now\"}"), items.next());
            }
            peers.forEach(FramedPeer::close);
        }
    }

    /** C3-5 */
    @Test
    void overTheLimitIsNotSent() {
        int port = bus.server(new JsonObject().put("codec", "utf8").put("maxFrameBytes", 8));
        try (FramedPeer peer = FramedPeer.connect(port).send("in");
                Items items = bus.items(bus.server())) {
            JsonObject item = items.next();
            assertEquals(
                    "LIMIT_EXCEEDED payload: 9 (expected: <= 8)",
                    failure(bus.server().send(item.copy().put("text", "123456789"))));
            Outcome.value(bus.server().send(item.copy().put("text", "12345678")));
            assertEquals("12345678", peer.text());
        }
    }
}
