package dev.polywire.eventstore.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Consumers;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Persistent subscriptions on the bus: streams that are settled, and bindings. */
@Timeout(60)
class GroupStreamTest {

    private final GroupBus bus = new GroupBus();
    private final Consumers consumers = new Consumers(bus.vertx, "work");

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void changesOfGroupsHaveTheirOutcomes() {
        bus.create("{}");
        assertEquals("CONFLICT", GroupBus.failure(() -> bus.service.createPersistentSubscription("ponies", "g", null)));
        assertEquals(
                "NOT_FOUND", GroupBus.failure(() -> bus.service.updatePersistentSubscription("ponies", "h", null)));
        assertEquals("NOT_FOUND", GroupBus.failure(() -> bus.service.deletePersistentSubscription("ponies", "h")));
        for (String wrong : List.of(
                "{'strategy':'DisptchToSingle'}",
                "{'readBatchSize':500}",
                "{'messageTimeout':1}",
                "{'maxRetryCount':-1}")) {
            assertEquals(
                    "BAD_REQUEST",
                    GroupBus.failure(
                            () -> bus.service.createPersistentSubscription("ponies", "h", GroupBus.json(wrong))));
        }
        assertEquals("NOT_FOUND", GroupBus.failure(() -> bus.service.consume("ponies", "h", null)));
        assertEquals("BAD_REQUEST", GroupBus.failure(() -> bus.service.consume("ponies", "", null)));
        Outcome.value(bus.service.updatePersistentSubscription("ponies", "g", null));
        Outcome.value(bus.service.deletePersistentSubscription("ponies", "g"));
    }

    @Test
    void eachWordHasItsEffect() {
        bus.create("{}").append(7);
        JsonObject handle = bus.consume("{}");
        JsonArray items = bus.next(handle, 1, 10);
        assertEquals(7, items.size());
        JsonObject first = items.getJsonObject(0);
        assertEquals(0, first.getInteger("retryCount"));
        assertEquals("ponies", first.getString("streamId"));
        assertEquals(new JsonObject().put("n", 0), first.getJsonObject("json"));
        settle(handle, 1, "{}", "ack");
        settle(handle, 2, "{'reason':'not now'}", "nack");
        settle(handle, 3, "{'reason':'broken'}", "reject");
        settle(handle, 4, "{'action':'skip'}", "reject");
        settle(handle, 5, "{'action':'stop'}", "nack");
        settle(handle, 6, "{'action':'retry'}", "reject");
        settle(handle, 7, "{'action':'park'}", "nack");
        JsonArray again = bus.next(handle, 2, 1).addAll(bus.next(handle, 3, 1));
        assertEquals(List.of(1, 5), numbers(again).stream().sorted().toList());
        assertEquals(1, again.getJsonObject(0).getInteger("retryCount"));
        await().until(() -> bus.parked().size() == 2);
        assertEquals(
                List.of(
                        "2@ponies Client explicitly NAK'ed message.\nbroken",
                        "6@ponies Client explicitly NAK'ed message.\n"),
                bus.parked());
        assertEquals(
                List.of(9L, 1L, 2L, 2L, 1L, 1L),
                List.of("given", "acked", "retried", "parked", "skipped", "stopped").stream()
                        .map(bus::count)
                        .toList());
    }

    @Test
    void whatWasNotGivenIsNotSettled() {
        bus.create("{}").append(1);
        JsonObject handle = bus.consume("{}");
        bus.next(handle, 1, 10);
        for (JsonArray wrong : List.of(new JsonArray().add(0), new JsonArray().add(2))) {
            assertEquals(
                    "BAD_REQUEST",
                    GroupBus.failure(() -> bus.room(handle).settle(handle.getString("id"), wrong, null, null, null)));
        }
        assertEquals(
                "BAD_REQUEST",
                GroupBus.failure(() -> bus.room(handle)
                        .settle(
                                handle.getString("id"),
                                null,
                                new JsonArray().add(1),
                                null,
                                GroupBus.json("{'action':'RETRY'}"))));
    }

    /** Its words about them are passed over. */
    @Test
    void anUpdateTakesEventsBack() {
        bus.create("{}").append(3);
        JsonObject handle = bus.consume("{'inFlight':2}");
        assertEquals(2, bus.next(handle, 1, 10).size());
        Outcome.value(bus.service.updatePersistentSubscription("ponies", "g", GroupBus.json("{'startFrom':0}")));
        JsonArray again = bus.next(handle, 2, 10);
        assertEquals(0, numbers(again).get(0));
        assertEquals(0, settled(handle, 1));
        assertEquals(1, settled(handle, 3));
        assertEquals(2, bus.count("lapsed"));
    }

    @Test
    void aGroupThatIsDeletedEndsItsStream() {
        bus.create("{}");
        Items items = new Items(bus.vertx, bus.consume("{}"));
        Outcome.value(bus.service.deletePersistentSubscription("ponies", "g"));
        ServiceException why = (ServiceException) items.failure();
        assertEquals("NOT_FOUND", why.getDebugInfo().getString("name"));
    }

    @Test
    void aRawEventHasItsRetryCount() {
        bus.create("{}").append(1);
        JsonObject handle = bus.consume("{'form':'raw'}");
        Buffer batch = Outcome.value(bus.vertx
                .eventBus()
                .<Buffer>request(
                        handle.getString("address"),
                        new JsonObject()
                                .put("id", handle.getString("id"))
                                .put("batch", 1)
                                .put("max", 1)
                                .put("waitMillis", 10_000),
                        new DeliveryOptions().addHeader("action", "next"))
                .map(Message::body));
        assertEquals(batch.length(), 4 + batch.getInt(0));
        assertEquals(0, batch.getInt(4));
        assertEquals(0x0a, batch.getByte(8));
    }

    @Test
    void aBindingSettlesByTheReply() {
        bus.create("{}").append(3);
        Consumers.One consumer = consumers.join(delivery -> {
            JsonObject event = (JsonObject) delivery.body();
            int number = event.getJsonObject("json").getInteger("n");
            if (number == 1) {
                delivery.reply(new ServiceException(4400, "cannot be read", new JsonObject().put("retryable", false)));
            } else if (number == 2 && event.getInteger("retryCount") == 0) {
                delivery.reply(new ServiceException(4502, "later", new JsonObject().put("retryable", true)));
            } else {
                delivery.reply(null);
            }
        });
        Outcome.value(bus.service.bind("ponies", "g", "work", null));
        await().until(() -> bus.count("acked") == 2);
        await().until(() -> bus.parked().size() == 1);
        assertTrue(
                bus.parked().get(0).contains("cannot be read"),
                () -> bus.parked().toString());
        assertEquals(1, bus.count("retried"));
        assertEquals(4, consumer.seen.size());
        assertEquals(4, bus.count("given"));
    }

    /** The server would park them all after the first second. */
    @Test
    void nobodyAtTheAddressForLongParksNothing() {
        bus.create("{'messageTimeoutMillis':1000,'maxRetryCount':0}").append(5);
        JsonObject binding = Outcome.value(bus.service.bind("ponies", "g", "work", GroupBus.json("{'prefetch':3}")));
        assertFalse(binding.isEmpty());
        await().until(() -> bus.count("connected") >= 5);
        Consumers.One consumer = consumers.join();
        await().until(() -> new HashSet<>(numbers(new JsonArray(consumer.items()))).size() == 5);
        await().until(() -> bus.count("acked") >= 5);
        assertEquals(List.of(), bus.parked());
        assertTrue(consumer.items().stream().allMatch(each -> ((JsonObject) each).getInteger("retryCount") <= 1));
        assertTrue(bus.count("lapsed") >= 5);
    }

    private static List<Integer> numbers(JsonArray items) {
        return items.stream()
                .map(each -> ((JsonObject) each).getJsonObject("json").getInteger("n"))
                .toList();
    }

    private int settled(JsonObject handle, int item) {
        return Outcome.value(
                        bus.room(handle).settle(handle.getString("id"), new JsonArray().add(item), null, null, null))
                .getInteger("settled");
    }

    private void settle(JsonObject handle, int item, String options, String word) {
        JsonArray one = new JsonArray().add(item);
        Outcome.value(bus.room(handle)
                .settle(
                        handle.getString("id"),
                        word.equals("ack") ? one : null,
                        word.equals("nack") ? one : null,
                        word.equals("reject") ? one : null,
                        GroupBus.json(options)));
    }
}
