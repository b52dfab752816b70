package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.bus.stream.StreamServiceVertxEBProxy;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** The stream of a cursor; that of a scripted server has the id 77. */
record OpenedCursor(String id, StreamService streams) {

    static final JsonObject FIND = new JsonObject().put("find", "a.b");
    static final JsonObject TAIL = FIND.copy().put("tailable", true);
    static final JsonObject AWAIT = TAIL.copy().put("awaitData", true);
    static final String FIRST = "{cursor: {id: {$numberLong: '77'}, ns: 'db.a.b', firstBatch: [{n: 1}]}, ok: 1.0}";
    static final String NONE_YET = next("77", "");

    /** An answer of a getMore. @param id 0: the last one */
    static String next(String id, String documents) {
        return "{cursor: {id: {$numberLong: '" + id + "'}, ns: 'db.a.b', nextBatch: [" + documents + "]}, ok: 1.0}";
    }

    static OpenedCursor open(Stage stage, JsonObject find, @Nullable JsonObject options) {
        Future<JsonObject> opening = stage.mongo().open("db", "find", find, options);
        stage.next("find").reply(FIRST);
        return of(stage.vertx, Outcome.value(opening));
    }

    /** Opened, and the first batch read. */
    static OpenedCursor read(Stage stage, JsonObject find, @Nullable JsonObject options) {
        OpenedCursor stream = open(stage, find, options);
        assertEquals("[{\"n\":1}]", items(stream.next(1, 5)));
        return stream;
    }

    static OpenedCursor of(Vertx vertx, JsonObject handle) {
        return new OpenedCursor(
                handle.getString("id"), new StreamServiceVertxEBProxy(vertx, handle.getString("address")));
    }

    Future<JsonObject> next(long batch, int max) {
        return streams.next(id, batch, max, 10_000L);
    }

    /** The next documents, as long as it takes. */
    JsonObject some(long batch, int max) {
        JsonObject page = Outcome.value(next(batch, max));
        return page.getJsonArray("items").isEmpty() && !page.getBoolean("done") ? some(batch, max) : page;
    }

    /** All documents, of a stream that nobody has read yet. */
    JsonArray all(int max) {
        JsonArray all = new JsonArray();
        boolean done = false;
        for (long batch = 1; !done; batch++) {
            JsonObject page = some(batch, max);
            all.addAll(page.getJsonArray("items"));
            done = page.getBoolean("done");
        }
        return all;
    }

    Future<Void> close() {
        return streams.close(id);
    }

    static String items(Future<JsonObject> page) {
        return Outcome.value(page).getJsonArray("items").encode();
    }

    /** The next that the server gets is its end. @return the connection it comes on */
    static int assertKilled(Stage stage) {
        Asked kill = stage.next("killCursors");
        assertEquals(
                BsonDocument.parse("{killCursors: 'a.b', cursors: [{$numberLong: '77'}], $db: 'db'}"), kill.document());
        kill.ok();
        return kill.peer().number();
    }
}
