package dev.polywire.mongodb.service;

import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.wire.CommandDocument;
import dev.polywire.mongodb.wire.CursorReply;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands that name one cursor, on any connection of the pool, or on its own. We make them, on a stream that can be opened
 * again: losing an answer loses nothing. A getMore that was sent and whose connection is lost is not sent again: the server has
 * moved on, and its batch is gone.
 */
final class CursorCalls {

    /** A batch is fetched for a reader that asks again, so it has the time of a request without a deadline. */
    static final long ANSWER_MILLIS = 25_000;

    private final Vertx vertx;
    private final MongoClient client;
    private final long answerMillis;
    private final Runnable notKilled;
    /** The cursor's id as JSON: always an int64. */
    private final JsonObject id;

    private final String database;
    private final String collection;
    private boolean killing;

    /**
     * @param answerMillis how long a batch may take, beside the time that its server lets it wait; and the end of the cursor
     * @param notKilled is told when the cursor is left to its server, which ends it some time
     */
    CursorCalls(Vertx vertx, MongoClient client, CursorReply first, long answerMillis, Runnable notKilled) {
        this.vertx = vertx;
        this.client = client;
        this.answerMillis = answerMillis;
        this.notKilled = notKilled;
        id = new JsonObject().put("$numberLong", Long.toString(first.id()));
        database = first.database();
        collection = first.collection();
    }

    /** A getMore by the pool; one that was not sent is repeated. */
    Future<Buffer> getMore(int max, @Nullable Object request) {
        return repeated(getMore(max, null), request, call -> !call.isSent() && !killing);
    }

    /** A getMore on this connection. */
    Future<Buffer> getMore(MongoConnection own, int max, @Nullable Object request) {
        return run(own, getMore(max, null), answerMillis, request);
    }

    /** A getMore on this connection, which the server lets wait for {@code awaitMillis}. */
    Future<Buffer> await(MongoConnection own, int max, long awaitMillis, @Nullable Object request) {
        return run(own, getMore(max, awaitMillis), awaitMillis + answerMillis, request);
    }

    /** A getMore that is answered again and again, for as long as it takes: each batch that a reader waits for has its {@link #patience}. */
    MongoCall exhaust(int max) {
        return new MongoCall(new OpMsg(getMore(max, null)), true, null);
    }

    /** From now on, for one batch. */
    Deadline patience(@Nullable Object request) {
        return Deadline.after(vertx, answerMillis, request);
    }

    /**
     * Ends the cursor at the server, by the pool: its own connection may be waiting. Repeated until the server has answered: a
     * cursor that is gone already is no error.
     */
    Future<Void> kill() {
        killing = true;
        Buffer command = command(
                "killCursors", new JsonObject().put("killCursors", collection).put("cursors", new JsonArray().add(id)));
        return repeated(command, null, call -> true)
                .map(MongoAnswer::accepted)
                .<Void>mapEmpty()
                .onFailure(given -> notKilled.run());
    }

    private Future<Buffer> repeated(Buffer command, @Nullable Object request, Predicate<MongoCall> again) {
        Deadline deadline = patience(request);
        return new RepeatedCommand(vertx, client, command, deadline, again)
                .run()
                .onComplete(done -> deadline.met());
    }

    private Future<Buffer> run(MongoConnection own, Buffer command, long millis, @Nullable Object request) {
        Deadline deadline = Deadline.after(vertx, millis, request);
        MongoCall call = new MongoCall(command, true, deadline);
        own.send(call);
        return call.document().onComplete(done -> deadline.met());
    }

    private Buffer getMore(int max, @Nullable Long awaitMillis) {
        JsonObject getMore = new JsonObject()
                .put("getMore", id)
                .put("collection", collection)
                .put("batchSize", max);
        return command(
                "getMore", awaitMillis == null ? getMore : getMore.put(CommandDocument.MAX_TIME_MILLIS, awaitMillis));
    }

    private Buffer command(String name, JsonObject arguments) {
        return ExtendedJson.encode(arguments, name, Map.of(CommandDocument.DATABASE, database));
    }
}
