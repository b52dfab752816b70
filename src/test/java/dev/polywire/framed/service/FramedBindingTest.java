package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Framed messages that are given to consumers: a server whose answers come from verticles that know no socket. */
class FramedBindingTest {

    private static final String ORDERS = "orders";

    /** The bus warns of each message that it discards. */
    private final LoggedTraces log = new LoggedTraces();

    private final FramedBus bus = new FramedBus();
    private final Consumers consumers = new Consumers(bus.vertx, ORDERS);

    @AfterEach
    void close() {
        bus.close();
        log.close();
    }

    /** A worker that answers its peer: it sends the message back where it came from, and then acknowledges. */
    private void answer(Message<Object> delivery) {
        bus.server().send((JsonObject) delivery.body()).onSuccess(sent -> delivery.reply(null));
    }

    @Test
    void twoConsumersAnswerForAServer() {
        Consumers.One one = consumers.join(this::answer);
        Consumers.One two = consumers.join(this::answer);
        int port = bus.server(bound("{}"));
        try (FramedPeer first = FramedPeer.connect(port);
                FramedPeer second = FramedPeer.connect(port)) {
            first.send(numbers(0, 100));
            second.send(numbers(100, 200));
            assertEquals(Set.of(numbers(0, 100)), texts(first, 100));
            assertEquals(Set.of(numbers(100, 200)), texts(second, 100));
        }
        await().until(() -> bus.counter(bus.server(), "acknowledged") == 200);
        assertTrue(one.items().size() == 100 && two.items().size() == 100);
        assertEquals(200, bus.counter(bus.server(), "delivered"));
    }

    /** The same for a client: its server pushes, consumers take. */
    @Test
    void aClientIsBoundByItsConfiguration() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            Consumers.One consumer = consumers.join();
            bus.client(door.port(), bound("{}").put("codec", "utf8"));
            try (FramedPeer peer = door.accept()) {
                peer.send("pushed");
                await().until(() ->
                        consumer.items().equals(List.of(new JsonObject("{\"text\":\"pushed\",\"connection\":\"1\"}"))));
            }
        }
    }

    /**
     * Consumers go and come while a peer sends: a gap without any, then a change without one, where what is discarded may
     * come back behind what was sent to the new one.
     */
    @Test
    void aDeploymentOfConsumersLosesNoMessage() {
        int messages = 2_000;
        int port = bus.server(bound("{\"prefetch\":16}"));
        try (FramedPeer peer = FramedPeer.connect(port)) {
            Consumers.One first = consumers.join();
            peer.send(numbers(0, 500));
            await().until(() -> first.seen.size() > 50);
            first.leave();
            peer.send(numbers(500, 1_000));
            await().until(() -> bus.counter(bus.server(), "pauses") > 0);
            Consumers.One second = consumers.join();
            peer.send(numbers(1_000, messages));
            await().until(() -> second.seen.size() > 50);
            second.leave();
            Consumers.One third = consumers.join();
            await().until(() -> bus.counter(bus.server(), "acknowledged") == messages);
            for (Consumers.One each : List.of(first, second)) {
                assertEquals(values(each).stream().sorted().toList(), values(each));
            }
            Set<Integer> seen = new HashSet<>();
            List.of(first, second, third).forEach(each -> seen.addAll(values(each)));
            assertEquals(messages, seen.size());
        }
        assertEquals(0, bus.counter(bus.server(), "rejected"));
        assertEquals(messages, bus.counter(bus.server(), "received"));
    }

    /** What is not answered stays in the sockets: the peer is held up, not our memory filled. */
    @Test
    void nothingIsReadBeyondThePrefetch() {
        int port = bus.server(bound("{\"prefetch\":4}").put("drainMillis", 1));
        Consumers.One consumer = consumers.join(delivery -> {});
        try (FramedPeer peer = FramedPeer.connect(port)) {
            peer.send(numbers(0, 100));
            await().until(() -> consumer.seen.size() == 4);
            assertEquals(4, bus.counter(bus.server(), "received"));
            consumer.seen.get(0).reply(null);
            await().until(() -> consumer.seen.size() == 5);
            assertEquals(5, bus.counter(bus.server(), "received"));
            assertEquals(List.of(0, 1, 2, 3, 4), values(consumer));
        }
    }

    @Test
    void aStreamAndABindingExcludeEachOther() {
        int port = bus.server(new JsonObject().put("codec", "utf8"));
        String taken = "CONFLICT the incoming messages are being read: by a stream, or by a binding";
        Consumers.One consumer = consumers.join();
        try (FramedPeer peer = FramedPeer.connect(port)) {
            try (Items reader = bus.items(bus.server())) {
                assertEquals(taken, failure(bus.server().bind(ORDERS, null)));
                peer.send("one");
                assertEquals("one", reader.next().getString("text"));
            }
            assertEquals(
                    "BAD_REQUEST options.prefetch: 0 (expected: 1 to 10000)",
                    failure(bus.server().bind(ORDERS, new JsonObject().put("prefetch", 0))));
            JsonObject handle = Outcome.value(bus.server().bind(ORDERS, null));
            assertEquals(taken, failure(bus.server().open()));
            assertEquals(taken, failure(bus.server().bind("others", null)));
            peer.send("two");
            await().until(() -> consumer.seen.size() == 1);
            room(handle, "close");
            peer.send("three");
            try (Items reader = bus.items(bus.server())) {
                assertEquals("three", reader.next().getString("text"));
            }
        }
    }

    /** Nobody was there: what the binding had pulled is the next reader's, in order. */
    @Test
    void whatABindingDidNotGetRidOfIsTheNextReaders() {
        int port = bus.server(new JsonObject().put("codec", "utf8"));
        try (FramedPeer peer = FramedPeer.connect(port)) {
            JsonObject handle = Outcome.value(bus.server().bind(ORDERS, new JsonObject().put("prefetch", 3)));
            peer.send("a", "b", "c", "d");
            await().until(() -> bus.counter(bus.server(), "pauses") > 1);
            room(handle, "close");
            JsonObject again = Outcome.value(bus.server().bind(ORDERS, new JsonObject().put("prefetch", 1)));
            await().until(() -> bus.counter(bus.server(), "pauses") > 3);
            room(again, "close");
            try (Items reader = bus.items(bus.server())) {
                assertEquals(
                        List.of("a", "b", "c", "d"),
                        reader.next(4).stream()
                                .map(each -> each.getString("text"))
                                .toList());
            }
        }
        assertTrue(bus.counter(bus.server(), "returned") > 0);
    }

    @Test
    void aBindingOfTheConfigurationKeepsTheStreamForItself() {
        bus.server(bound("{}"));
        assertEquals(
                "CONFLICT the incoming messages are being read: by a stream, or by a binding",
                failure(bus.server().open()));
        assertEquals(
                new JsonArray("[{\"address\":\"orders\",\"prefetch\":64,\"unanswered\":0,\"paused\":false}]"),
                Outcome.value(bus.server().status()).getJsonArray("bindings"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'address':'a','prefetch':0}] | bindings[0].prefetch: 0 (expected: 1 to 10000)",
                "[{'adress':'a'}]               | bindings[0].address: missing (expected: a string)",
                "[{'address':'a','x':1}]        | bindings[0].x: unknown field (expected: one of [address, onTimeout, prefetch, timeoutMillis])",
                "[{'address':'polywire.leaving'}] | bindings[0].address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "[{'address':'polywire.mongodb'}] | bindings[0].address: empty, reserved, or at or below polywire (expected: an address that consumers have)",
                "[{'address':'a'},{'address':'b'}] | bindings: 2 (expected: <= 1, the messages are one stream)",
                "'{}'                           | bindings: an object (expected: a list of objects)",
            })
    void aWrongBindingStopsTheStart(String bindings, String complaint) {
        JsonObject config = new JsonObject("{\"port\":0,\"bindings\":" + bindings.replace('\'', '"') + "}");
        assertEquals(
                complaint,
                Outcome.failure(bus.deploying(new FramedServerVerticle(), config))
                        .getMessage());
    }

    /** A message that a leaving server has given is answered for; nothing is given twice. */
    @Test
    void aServerThatLeavesWaitsForItsConsumers() {
        Consumers.One consumer = consumers.join(delivery -> {});
        String id = bus.deploy(new FramedServerVerticle(), bound("{}").put("port", 0));
        try (FramedPeer peer = FramedPeer.connect(FramedBus.port(bus.server()))) {
            peer.send(numbers(0, 10));
            await().until(() -> consumer.seen.size() == 10);
            Future<Void> left = bus.vertx.undeploy(id);
            await().untilAsserted(() -> assertEquals(
                    4503, Failure.of(Outcome.failure(bus.server().status())).failureCode()));
            assertTrue(!left.isComplete());
            consumer.seen.forEach(each -> each.fail(4503, "again"));
            Outcome.value(left);
            assertEquals(10, consumer.seen.size());
        }
    }

    private static JsonObject bound(String options) {
        return new JsonObject()
                .put("codec", "json")
                .put("bindings", new JsonArray().add(new JsonObject(options).put("address", ORDERS)));
    }

    private void room(JsonObject handle, String action) {
        Outcome.value(bus.vertx
                .eventBus()
                .request(
                        handle.getString("address"),
                        new JsonObject().put("id", handle.getString("id")),
                        new DeliveryOptions().addHeader("action", action)));
    }

    private static String[] numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private static Set<String> texts(FramedPeer peer, int count) {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < count; i++) {
            texts.add(peer.text());
        }
        return texts;
    }

    private static List<Integer> values(Consumers.One consumer) {
        List<Integer> values = new ArrayList<>();
        consumer.items().forEach(each -> values.add(((JsonObject) each).getInteger("value")));
        return values;
    }
}
