package dev.polywire.mongodb.service;

import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.wire.CommandDocument;
import dev.polywire.mongodb.wire.CursorReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cursor as a stream: a page is a {@code getMore} whose {@code batchSize} is the reader's room. Documents of a batch
 * beyond one page wait here, so at most one answer of the server.
 */
final class CursorStream implements StreamSource {

    /** A batch is fetched for a reader that asks again, so it has the time of a request without a deadline. */
    private static final long GET_MORE_MILLIS = 25_000;
    /** The pause after an empty batch: a tailable cursor without awaitData answers at once, with no documents. */
    private static final long NOTHING_YET_MILLIS = 100;

    private final Vertx vertx;
    private final MongoClient client;
    private final AnswerMemory memory;
    private final StreamForm form;
    private final boolean canonical;
    private final long id;
    /** The cursor's id as JSON: always an int64. */
    private final JsonObject cursorId;

    private final String database;
    private final String collection;
    private final ArrayDeque<Buffer> documents = new ArrayDeque<>();
    /** The size of the answer of which {@link #documents} are parts: the last of them holds all of it. */
    private long answerBytes;

    private boolean exhausted;
    private boolean closed;

    CursorStream(
            Vertx vertx,
            MongoClient client,
            AnswerMemory memory,
            CursorReply first,
            StreamForm form,
            boolean canonical) {
        this.vertx = vertx;
        this.client = client;
        this.memory = memory;
        this.form = form;
        this.canonical = canonical;
        id = first.id();
        cursorId = new JsonObject().put("$numberLong", Long.toString(id));
        database = first.database();
        collection = first.collection();
        exhausted = id == 0;
        take(first);
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        return pull(max, maxBytes, null);
    }

    @Override
    public Future<Page> pull(int max, int maxBytes, @Nullable Object request) {
        Promise<Void> filled = Promise.promise();
        fill(max, request, filled);
        return filled.future().map(there -> page(max, maxBytes));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        documents.clear();
        return exhausted ? Future.succeededFuture() : run(killCursors(), null).mapEmpty();
    }

    @Override
    public long heldBytes() {
        return documents.isEmpty() ? 0 : answerBytes;
    }

    private void fill(int max, @Nullable Object request, Promise<Void> filled) {
        if (!documents.isEmpty() || exhausted || closed) {
            filled.complete();
            return;
        }
        run(getMore(max), request).map(this::batch).onComplete(read -> {
            if (read.failed()) {
                filled.fail(read.cause());
            } else if (documents.isEmpty() && !exhausted) {
                vertx.setTimer(NOTHING_YET_MILLIS, again -> fill(max, request, filled));
            } else {
                filled.complete();
            }
        });
    }

    private CursorReply batch(Buffer answer) {
        CursorReply next = CursorReply.read(answer);
        if (next.id() != 0 && next.id() != id) {
            throw ProtocolException.decode("cursor id: another one (expected: the one that was asked)");
        }
        exhausted = next.id() == 0;
        if (!closed) {
            take(next);
        }
        return next;
    }

    private void take(CursorReply answer) {
        documents.addAll(answer.documents());
        answerBytes = documents.stream().mapToLong(Buffer::length).sum();
    }

    private Page page(int max, int maxBytes) {
        JsonArray items = new JsonArray();
        int bytes = 0;
        long heldBytes = 0;
        while (!documents.isEmpty() && items.size() < max && bytes < maxBytes) {
            Buffer document = documents.remove();
            bytes += document.length();
            if (form == StreamForm.RAW) {
                items.add(document);
                heldBytes += document.length();
            } else {
                AnswerMemory.Conversion converted = memory.convert(document, canonical, true);
                items.add(converted.json());
                heldBytes += converted.bytes();
            }
        }
        return new Page(items, documents.isEmpty() && (exhausted || closed), heldBytes);
    }

    /** We make both commands, on a stream that can be opened again: losing an answer loses nothing. */
    private Future<Buffer> run(Buffer command, @Nullable Object request) {
        Deadline deadline = Deadline.after(vertx, GET_MORE_MILLIS, request);
        return client.command(new MongoCall(command, true, deadline))
                .onComplete(done -> deadline.met())
                .map(MongoAnswer::accepted);
    }

    private Buffer getMore(int batchSize) {
        return command(
                "getMore",
                new JsonObject()
                        .put("getMore", cursorId)
                        .put("collection", collection)
                        .put("batchSize", batchSize));
    }

    private Buffer killCursors() {
        return command(
                "killCursors",
                new JsonObject().put("killCursors", collection).put("cursors", new JsonArray().add(cursorId)));
    }

    private Buffer command(String name, JsonObject arguments) {
        return ExtendedJson.encode(arguments, name, Map.of(CommandDocument.DATABASE, database));
    }
}
