package dev.polywire.framed.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who reads decides: nothing is read for nobody, nothing is lost, nobody is forgotten. */
class FramedReadingTest {

    private static final int MIB = 1024 * 1024;
    private static final String FILLING = "x".repeat(1_000);

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    /** S13: nothing is lost either. */
    @Test
    void nothingIsReadForNobody() throws Exception {
        int port = bus.server("utf8");
        try (Flood flood = new Flood(port, FILLING)) {
            flood.untilStuck(() -> Outcome.value(bus.server().status()));
            assertTrue(flood.bytes() < 32 * MIB, () -> "bytes taken from the peer: " + flood.bytes());
            assertEquals(0, bus.counter(bus.server(), "received"));
            try (Items items = bus.items(bus.server())) {
                long whole = flood.bytes() / (4 + FILLING.length());
                for (long i = 0; i < whole; i++) {
                    assertEquals(FILLING, items.next().getString("text"));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2000", "7, 20000", "256, 20000"})
    void aSlowReaderLosesNothing(int step, int count) {
        int port = bus.server("utf8");
        try (FramedPeer peer = FramedPeer.connect(port)) {
            List<String> read = Outcome.on(
                    bus.vertx,
                    () -> bus.server().open().compose(handle -> {
                        StreamReader reader = new StreamReader(bus.vertx, handle, 100, 1_000);
                        reader.pause();
                        List<String> all = new ArrayList<>();
                        Promise<List<String>> done = Promise.promise();
                        reader.handler(item -> {
                            all.add(((JsonObject) item).getString("text"));
                            if (all.size() == count) {
                                done.complete(all);
                            } else if (all.size() % step == 0) {
                                bus.server().status().onSuccess(later -> reader.fetch(step));
                            }
                        });
                        reader.fetch(step);
                        bus.vertx.executeBlocking(() -> peer.send(numbered(count)));
                        return done.future();
                    }));
            assertEquals(List.of(numbered(count)), read);
        }
    }

    @Test
    void whatAPeerSentBeforeItClosedIsDelivered() {
        int port = bus.server("utf8");
        String[] sent = numbered(1_000, i -> i + FILLING);
        FramedPeer.connect(port).send(sent).close();
        try (Items items = bus.items(bus.server());
                FramedPeer next = FramedPeer.connect(port).send("next")) {
            List<JsonObject> all = items.next(sent.length + 1);
            assertEquals(
                    List.of(sent),
                    all.stream()
                            .filter(item -> item.getString("connection").equals("1"))
                            .map(item -> item.getString("text"))
                            .toList());
            assertTrue(all.contains(new JsonObject("{\"connection\":\"2\",\"text\":\"next\"}")));
        }
    }

    /** One who has always more to say, and one who says a word: the word is heard. */
    @Test
    void aBusyPeerDoesNotHideAQuietOne() throws Exception {
        int port = bus.server("utf8");
        try (Flood busy = new Flood(port, "x");
                FramedPeer quiet = FramedPeer.connect(port)) {
            busy.start();
            JsonObject handle = Outcome.value(bus.server().open());
            assertEquals("x", page(handle, 1).getJsonObject(0).getString("text"));
            quiet.send("a word");
            boolean heard = false;
            for (int batch = 2; !heard && batch < 2_000; batch++) {
                heard = page(handle, batch).stream()
                        .anyMatch(item -> "a word".equals(((JsonObject) item).getString("text")));
            }
            assertTrue(heard);
        }
    }

    /** More of them than are read at a time. */
    @Test
    void whoDoesNotFinishAMessageHidesNobody() {
        int port = bus.server("utf8");
        List<FramedPeer> peers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            peers.add(FramedPeer.connect(port)
                    .write(Buffer.buffer().appendInt(MIB).appendBytes(new byte[100_000])));
            int unread = peers.size();
            await().until(() -> Outcome.value(bus.server().status()).getInteger("unread") == unread);
        }
        String[] sent = numbered(70, i -> i + FILLING);
        peers.add(FramedPeer.connect(port).send(sent));
        try (Items items = bus.items(bus.server())) {
            assertEquals(
                    List.of(sent),
                    items.next(sent.length).stream()
                            .map(item -> item.getString("text"))
                            .toList());
        } finally {
            peers.forEach(FramedPeer::close);
        }
    }

    private JsonArray page(JsonObject handle, int batch) {
        JsonObject asked = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", batch)
                .put("max", 10);
        Future<JsonObject> answer = bus.vertx
                .eventBus()
                .<JsonObject>request(
                        handle.getString("address"), asked, new DeliveryOptions().addHeader("action", "next"))
                .map(reply -> reply.body());
        return Outcome.value(answer).getJsonArray("items");
    }

    private static String[] numbered(int count) {
        return numbered(count, Integer::toString);
    }

    private static String[] numbered(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).toArray(String[]::new);
    }
}
