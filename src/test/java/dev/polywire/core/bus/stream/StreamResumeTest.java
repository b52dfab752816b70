package dev.polywire.core.bus.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a reader could go on, in each form of a batch on the bus. */
@Timeout(30)
class StreamResumeTest {

    private enum Form {
        OBJECT,
        JSON,
        RAW
    }

    private static final JsonObject HANDLE =
            new JsonObject().put("address", "room").put("id", "i").put("leaseMillis", 60_000);

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    /** The answers to each batch's requests, in order. */
    private final Map<Long, Queue<Batch>> answers = new HashMap<>();

    private Form form = Form.JSON;

    @BeforeEach
    void serve() {
        vertx.eventBus().<JsonObject>consumer("room", message -> {
            Queue<Batch> next = answers.get(message.body().getLong("batch", 0L));
            if (message.headers().get("action").equals("close")) {
                message.reply(null);
            } else if (next != null && !next.isEmpty()) {
                Batch batch = next.remove();
                switch (form) {
                    case OBJECT -> message.reply(batch, new DeliveryOptions());
                    case JSON -> message.reply(batch.toJson());
                    case RAW -> message.reply(batch.records(), batch.headers());
                }
            }
        });
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private static JsonObject at(long place) {
        return new JsonObject().put("place", Long.toString(place));
    }

    private void answer(long number, boolean done, JsonObject resume, Object... items) {
        JsonArray all = new JsonArray(List.of(items));
        answers.computeIfAbsent(number, first -> new ArrayDeque<>()).add(new Batch(number, all, done, resume));
    }

    private Object item(long number) {
        return form == Form.RAW ? Buffer.buffer(new byte[] {(byte) number}) : (Object) number;
    }

    private void script() {
        answer(1, false, at(10), item(1));
        answer(2, false, at(15));
        answer(2, false, at(20), item(2));
        answer(3, false, null, item(3));
        answer(4, false, at(40));
        answer(4, true, at(50));
    }

    /** The handler may keep the point together with what it makes of the item. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void aReaderMovesOnWithItsItems(Form form) {
        this.form = form;
        script();
        List<JsonObject> points = new ArrayList<>();
        Promise<JsonObject> end = Promise.promise();
        Outcome.on(vertx, () -> {
            StreamReader reader = new StreamReader(vertx, HANDLE, 1, 100);
            assertNull(reader.resumePoint());
            reader.handler(item -> points.add(reader.resumePoint()));
            reader.endHandler(v -> end.complete(reader.resumePoint())).exceptionHandler(end::fail);
            return Future.succeededFuture();
        });
        assertEquals(at(50), Outcome.value(end.future()));
        assertEquals(List.of(at(10), at(20), at(20)), points);
    }

    /** What it has not given to the handler is not behind it. */
    @ParameterizedTest
    @EnumSource(value = Form.class, names = "RAW", mode = EnumSource.Mode.EXCLUDE)
    void aBatchCountsWhenItWasGivenWhole(Form form) {
        this.form = form;
        answer(1, false, at(10), 1, 2);
        answer(2, true, at(30), 3);
        List<JsonObject> points = new ArrayList<>();
        Promise<Void> end = Promise.promise();
        Outcome.on(vertx, () -> {
            StreamReader reader = new StreamReader(vertx, HANDLE, 2, 100);
            reader.pause().handler(item -> {
                points.add(reader.resumePoint());
                vertx.setTimer(1, later -> reader.fetch(1));
            });
            reader.endHandler(end::complete).exceptionHandler(end::fail).fetch(1);
            return Future.succeededFuture();
        });
        Outcome.value(end.future());
        assertEquals(3, points.size());
        assertNull(points.get(0));
        assertEquals(List.of(at(10), at(30)), points.subList(1, 3));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void pagesMoveOn(Form form) {
        this.form = form;
        script();
        StreamPages pages = Outcome.on(vertx, () -> Future.succeededFuture(new StreamPages(vertx, HANDLE, 10_000)));
        List<JsonObject> points = new ArrayList<>();
        assertNull(pages.resumePoint());
        for (boolean done = false; !done; ) {
            StreamSource.Page page = Outcome.on(vertx, () -> pages.pull(1));
            points.add(pages.resumePoint());
            assertEquals(page.resume() == null ? at(20) : page.resume(), pages.resumePoint());
            done = page.done();
        }
        assertEquals(List.of(at(10), at(20), at(20), at(50)), points);
    }
}
