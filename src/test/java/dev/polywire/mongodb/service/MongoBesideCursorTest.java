package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cursor that waits at the server costs others nothing, in a pool of any size. */
class MongoBesideCursorTest {

    private static final int CALLERS = 64;
    private static final JsonObject FIND =
            new JsonObject().put("find", "c").put("tailable", true).put("awaitData", true);

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aCursorThatWaits(int maxPoolSize) {
        stage.deploy(new JsonObject()
                .put("maxPoolSize", maxPoolSize)
                .put("pipeline", 8)
                .put("pipelineMillis", 20)
                .put("heartbeatMillis", 0));
        Future<JsonObject> opening = stage.mongo().open("db", "find", FIND, null);
        stage.next("find").reply("{cursor: {id: {$numberLong: '77'}, ns: 'db.c', firstBatch: [{n: 1}]}, ok: 1.0}");
        JsonObject handle = Outcome.value(opening);
        assertEquals(one(1), Outcome.value(next(handle, 1)).getJsonArray("items"));
        Future<JsonObject> second = next(handle, 2);
        Asked getMore = stage.next("getMore");
        for (int round = 0; round < 3; round++) {
            List<Future<JsonObject>> pings = IntStream.range(0, CALLERS)
                    .mapToObj(i -> stage.mongo().ping())
                    .toList();
            pings.forEach(each -> {
                Asked ping = stage.next("ping");
                assertFalse(ping.peer() == getMore.peer(), "behind the cursor");
                ping.ok();
            });
            pings.forEach(Outcome::value);
        }
        assertFalse(second.isComplete());
        getMore.reply("{cursor: {id: {$numberLong: '0'}, ns: 'db.c', nextBatch: [{n: 2}]}, ok: 1.0}");
        assertEquals(one(2), Outcome.value(second).getJsonArray("items"));
    }

    private static JsonArray one(int n) {
        return new JsonArray().add(new JsonObject().put("n", n));
    }

    private Future<JsonObject> next(JsonObject handle, long number) {
        return StreamService.proxy(stage.vertx, handle.getString("address"))
                .next(handle.getString("id"), number, 10, 10_000L);
    }
}
