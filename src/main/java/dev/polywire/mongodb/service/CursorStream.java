package dev.polywire.mongodb.service;

import dev.polywire.core.bus.StreamSource;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoClient;
import dev.polywire.mongodb.wire.CursorReply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cursor as a stream: a page is a {@code getMore} whose {@code batchSize} is what the reader has room for. What a batch
 * holds beyond one page waits here, so at most one answer of the server.
 */
final class CursorStream implements StreamSource {

    /** A cursor's batch is fetched for a reader who asks again: it has the time of a request without a deadline. */
    private static final long GET_MORE_MILLIS = 25_000;

    private final Vertx vertx;
    private final MongoClient client;
    private final boolean canonical;
    private final ArrayDeque<Buffer> documents = new ArrayDeque<>();
    private CursorReply cursor;

    CursorStream(Vertx vertx, MongoClient client, CursorReply first, boolean canonical) {
        this.vertx = vertx;
        this.client = client;
        this.cursor = first;
        this.canonical = canonical;
        documents.addAll(first.documents());
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        if (!documents.isEmpty() || cursor.id() == 0) {
            return Future.succeededFuture(page(max, maxBytes));
        }
        return run(getMore(max)).compose(answer -> {
            cursor = CursorReply.read(answer);
            documents.addAll(cursor.documents());
            // A tailable cursor may have nothing for now.
            return documents.isEmpty() && cursor.id() != 0
                    ? pull(max, maxBytes)
                    : Future.succeededFuture(page(max, maxBytes));
        });
    }

    @Override
    public Future<Void> close() {
        documents.clear();
        return cursor.id() == 0 ? Future.succeededFuture() : run(killCursors()).mapEmpty();
    }

    private Page page(int max, int maxBytes) {
        JsonArray items = new JsonArray();
        int bytes = 0;
        while (!documents.isEmpty() && items.size() < max && bytes < maxBytes) {
            Buffer document = documents.remove();
            bytes += document.length();
            items.add(ExtendedJson.decode(document, canonical));
        }
        return new Page(items, documents.isEmpty() && cursor.id() == 0);
    }

    /** Both commands are of our making, on a stream that can be opened again: nothing is lost with their answers. */
    private Future<Buffer> run(Buffer command) {
        Deadline deadline = Deadline.after(vertx, GET_MORE_MILLIS);
        return client.send(new MongoCall(command, true, deadline))
                .onComplete(done -> deadline.met())
                .map(MongoEndpoint::accepted);
    }

    private Buffer getMore(int batchSize) {
        return ExtendedJson.encode(
                new JsonObject()
                        .put("getMore", int64(cursor.id()))
                        .put("collection", cursor.collection())
                        .put("batchSize", batchSize),
                "getMore",
                database());
    }

    private Buffer killCursors() {
        return ExtendedJson.encode(
                new JsonObject()
                        .put("killCursors", cursor.collection())
                        .put("cursors", new JsonArray().add(int64(cursor.id()))),
                "killCursors",
                database());
    }

    private Map<String, Object> database() {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("$db", cursor.database());
        return extra;
    }

    private static JsonObject int64(long id) {
        return new JsonObject().put("$numberLong", Long.toString(id));
    }
}
