package dev.polywire.core.bus.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import dev.polywire.testing.probe.SettledNumbers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reader says of the items of a stream reaches its source. */
class SettleTest {

    private final Vertx vertx = Vertx.vertx();
    private final ProbeService service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    private final SettledNumbers source = new SettledNumbers(10);
    private final ProbeVerticle probe = new ProbeVerticle().reading(count -> source);

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Four of ten items were given, the second is settled. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'ack': [1, 3]}                                     | 2 | 1 acknowledged, 3 acknowledged",
                "{'ack': ['4']}                                      | 1 | 4 acknowledged",
                "{'ack': [2, 2]}                                     | 0 | ''",
                "{'nack': [1], 'reject': [3], 'ack': [4]}            | 3 | 4 acknowledged, 1 requeued, 3 rejected",
                "{'nack': [1], 'options': {'requeue': false}}        | 1 | 1 rejected",
                "{'reject': [1], 'options': {'requeue': true}}       | 1 | 1 requeued",
                "{'ack': [3], 'options': {'upTo': true}}             | 2 | 1 acknowledged, 3 acknowledged",
                "{'nack': [4], 'options': {'upTo': true}}            | 3 | 1 requeued, 3 requeued, 4 requeued",
                "{'reject': [2], 'options': {'upTo': true}}          | 1 | 1 rejected",
            })
    void settles(String said, int settled, String heard) {
        JsonObject handle = givenFour();
        source.heard.clear();
        JsonObject settlement = new JsonObject(said.replace('\'', '"'));
        assertEquals(settled, settle(handle, settlement).getInteger("settled"));
        assertEquals(heard.isEmpty() ? List.of() : List.of(heard.split(", ")), source.heard);
        assertEquals(0, settle(handle, settlement).getInteger("settled"), "the same again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                              | ack, nack, reject: 0 items",
                "{'ack': [1, 5]}                                 | ack: 5 (expected: 1 to 4, items given)",
                "{'ack': [0]}                                    | ack: 0 (expected: 1 to 4",
                "{'reject': [1, 'x']}                            | reject[1]: a string",
                "{'ack': [1, 2], 'options': {'upTo': true}}      | ack, nack, reject: 2 items (expected: 1, with upTo)",
                "{'ack': [1], 'options': {'upto': true}}         | options.upto: unknown field",
            })
    void refusesWhatMakesNoSense(String said, String complaint) {
        JsonObject handle = givenFour();
        source.heard.clear();
        ServiceException bad = failure(handle, new JsonObject(said.replace('\'', '"')));
        assertEquals(4400, bad.failureCode());
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
        assertEquals(List.of(), source.heard, "all of a request or nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'nack': [1]}                                                                | 1 requeued",
                "{'reject': [1], 'options': {'reason': 'bad'}}                                | 1 rejected: bad",
                "{'nack': [1, 3], 'options': {'action': 'park', 'reason': 'bad'}}             | 1 park: bad, 3 park: bad",
                "{'ack': [3], 'reject': [1], 'options': {'action': 'skip'}}                   | 3 acknowledged, 1 skip",
                "{'nack': [3], 'options': {'action': 'retry', 'upTo': true}}                  | 1 retry, 3 retry",
            })
    void aProtocolMayHaveWordsOfItsOwn(String said, String heard) {
        source.with("retry", "park", "skip");
        JsonObject handle = givenFour();
        source.heard.clear();
        settle(handle, new JsonObject(said.replace('\'', '"')));
        assertEquals(List.of(heard.split(", ")), source.heard);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | {'nack': [1], 'options': {'action': 'stop'}} | options.action: unknown (expected: one of [retry, park])",
                "true  | {'nack': [1], 'options': {'action': 'park', 'requeue': true}} | options.requeue: true (expected: none",
                "true  | {'ack': [1], 'options': {'action': 'park'}}  | options.action: of items that are acknowledged",
                "true  | {'ack': [1], 'options': {'reason': 'good'}}  | options.reason: of items that are acknowledged",
                "true  | {'nack': [1], 'options': {'reason': 'LONG'}} | options.reason: 1001 characters (expected: at most 1000)",
                "true  | {'nack': [1], 'options': {'reason': '\\ud83d'}} | options.reason: half a surrogate pair (expected: Unicode",
                "true  | {'nack': [1], 'options': {'action': 4}}      | options.action: 4 (expected: a string)",
                "false | {'nack': [1], 'options': {'action': 'park'}} | options.action: unknown field",
                "false | {'nack': [1], 'options': {'reason': 'bad'}}  | options.reason: unknown field",
            })
    void otherWordsAreRefused(boolean hasWords, String said, String complaint) {
        if (hasWords) {
            source.with("retry", "park");
        }
        JsonObject handle = givenFour();
        source.heard.clear();
        String tooLong = "x".repeat(Rejection.MAX_REASON_CHARS + 1);
        ServiceException bad =
                failure(handle, new JsonObject(said.replace('\'', '"').replace("LONG", tooLong)));
        assertEquals(4400, bad.failureCode());
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
        assertEquals(List.of(), source.heard);
    }

    /** Item 2 is settled before, so it does not lapse; each late word counts once, however often it is said. */
    @Test
    void itemsThatLapseCountAsSettled() {
        JsonObject handle = givenFour();
        source.heard.clear();
        lapse(1, 3);
        assertEquals(
                0,
                settle(handle, new JsonObject("{'ack': [1, 2]}".replace('\'', '"')))
                        .getInteger("settled"));
        assertEquals(
                0,
                settle(handle, new JsonObject("{'ack': [1, 2]}".replace('\'', '"')))
                        .getInteger("settled"));
        assertEquals(1, late());
        JsonObject upTo = new JsonObject("{'nack': [4], 'options': {'upTo': true}}".replace('\'', '"'));
        assertEquals(1, settle(handle, upTo).getInteger("settled"));
        assertEquals(2, late());
        assertEquals(List.of("4 requeued"), source.heard);
        assertTrue(next(handle, 2, 10).getBoolean("done"));
        assertEquals(0, source.closed());
        lapse(1, 10);
        assertEquals(1, source.closed(), "nothing is left to be settled");
    }

    private int late() {
        return Outcome.value(service.status()).getJsonObject("counters").getInteger("lateSettlements");
    }

    @Test
    void itemsThatNeedNoneAreNotSettled() {
        Outcome.value(vertx.deployVerticle(new ProbeVerticle()));
        JsonObject handle = Outcome.value(service.open(3, false));
        next(handle, 1, 2);
        assertEquals(4400, failure(handle, new JsonObject("{\"ack\": [1]}")).failureCode());
    }

    @Test
    void aClosedStreamIsNotSettled() {
        JsonObject handle = givenFour();
        Outcome.value(ask(handle, "close", new JsonObject()));
        assertEquals(4404, failure(handle, new JsonObject("{\"ack\": [1]}")).failureCode());
    }

    /** Its source is released by the last word, not by the last item. */
    @Test
    void anEndedStreamMayBeSettled() {
        JsonObject handle = givenFour();
        assertTrue(next(handle, 2, 10).getBoolean("done"));
        assertTrue(next(handle, 3, 10).getBoolean("done"));
        assertEquals(0, source.closed());
        settle(handle, new JsonObject("{\"ack\": [9], \"options\": {\"upTo\": true}}"));
        assertEquals(0, source.closed());
        settle(handle, new JsonObject("{\"reject\": [10]}"));
        assertEquals(1, source.closed());
        assertEquals(0, settle(handle, new JsonObject("{\"ack\": [10]}")).getInteger("settled"));
    }

    @Test
    void aReaderSettlesAsItReads() {
        deploy();
        JsonObject handle = Outcome.value(service.open(0, false));
        List<Object> read = new CopyOnWriteArrayList<>();
        StreamReader reader = new StreamReader(vertx, handle, 3, 100);
        reader.handler(item -> {
            read.add(item);
            reader.settle(new JsonObject().put("ack", new JsonArray().add(item)));
        });
        await().until(() -> source.heard.size() == 10);
        assertEquals(10, read.size());
        await().until(() -> source.closed() == 1);
    }

    private JsonObject givenFour() {
        deploy();
        JsonObject handle = Outcome.value(service.open(0, false));
        next(handle, 1, 4);
        settle(handle, new JsonObject("{\"ack\": [2]}"));
        return handle;
    }

    /** Where the stream is. */
    private void lapse(long first, long last) {
        Outcome.on(probe.home(), () -> {
            source.lapse(first, last);
            return Future.succeededFuture();
        });
    }

    private void deploy() {
        Outcome.value(vertx.deployVerticle(probe));
    }

    private JsonObject next(JsonObject handle, int batch, int max) {
        return (JsonObject) Outcome.value(
                ask(handle, "next", new JsonObject().put("batch", batch).put("max", max)));
    }

    private JsonObject settle(JsonObject handle, JsonObject settlement) {
        return (JsonObject) Outcome.value(ask(handle, "settle", settlement));
    }

    private ServiceException failure(JsonObject handle, JsonObject settlement) {
        return (ServiceException) Outcome.failure(ask(handle, "settle", settlement));
    }

    private io.vertx.core.Future<Object> ask(JsonObject handle, String action, JsonObject body) {
        return vertx.eventBus()
                .request(
                        handle.getString("address"),
                        body.copy().put("id", handle.getString("id")),
                        new DeliveryOptions().addHeader("action", action))
                .map(answer -> answer.body());
    }
}
