package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.DocumentCursor;
import dev.polywire.mongodb.store.DocumentFilter;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.store.SortOrder;
import dev.polywire.mongodb.wire.BsonOut;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** find, getMore, killCursors, count, and the one aggregation by which drivers count. */
final class ReadCommands {

    /** Documents of a first batch when nobody says how many. */
    static final int FIRST_BATCH = 101;

    private static final CommandFields OF_CURSOR = new CommandFields(Set.of("batchSize"), Set.of());

    private final DocumentStore store;
    private final CursorTable cursors;
    private final int maxBatchBytes;

    ReadCommands(DocumentStore store, CursorTable cursors, int maxBatchBytes) {
        this.maxBatchBytes = maxBatchBytes;
        this.store = store;
        this.cursors = cursors;
    }

    Buffer find(ScriptedPeer peer, CommandRequest request) {
        // Old clients say by a negative limit that they want one batch.
        long limit = request.number("limit", 0);
        boolean single = request.flag("singleBatch", false) || limit < 0;
        boolean tailable = request.flag("tailable", false);
        boolean awaits = request.flag("awaitData", false);
        if (awaits && !tailable) {
            throw MongoErrorCode.FAILED_TO_PARSE.with("Cannot set 'awaitData' without also setting 'tailable'");
        }
        DocumentCursor cursor = (tailable ? tail(request, single) : cursor(request))
                .skip(notNegative("skip", request.number("skip", 0)))
                .limit(Math.abs(limit));
        long size = notNegative("batchSize", request.number("batchSize", FIRST_BATCH));
        List<Buffer> batch = cursor.batch((int) Math.min(size, Integer.MAX_VALUE), maxBatchBytes);
        // A server keeps no tailable cursor of an empty collection, but one whose filter has matched nothing yet.
        boolean ends = single
                || cursor.isExhausted()
                || tailable && cursor.collection().size() == 0;
        long id = ends ? 0 : cursors.keep(new OpenCursor(peer, cursor, awaits));
        return MongoAnswers.cursor(id, request.namespace(), "firstBatch", batch);
    }

    private DocumentCursor cursor(CommandRequest find) {
        return cursor(find.namespace(), find.document("filter"), find.document("sort"));
    }

    /** One that goes on at the end of a capped collection; of a collection that is none there is nothing to read. */
    private DocumentCursor tail(CommandRequest find, boolean single) {
        if (single || !find.document("sort").isEmpty()) {
            throw MongoErrorCode.BAD_VALUE.with(
                    "cannot use tailable option with the 'singleBatch' option, or with a sort");
        }
        return store.has(find.namespace())
                ? store.collection(find.namespace()).tail(DocumentFilter.of(find.document("filter")))
                : cursor(find);
    }

    /** @throws dev.polywire.mongodb.store.CommandErrorException for a filter or an order that is not known here */
    DocumentCursor cursor(String namespace, BsonDocument filter, BsonDocument sort) {
        return store.collection(namespace).find(DocumentFilter.of(filter), SortOrder.of(sort));
    }

    /**
     * The cursor that a getMore reads.
     *
     * @throws dev.polywire.mongodb.store.CommandErrorException CURSOR_NOT_FOUND; CURSOR_IN_USE; BAD_VALUE for a time to wait that only
     *     {@code awaitData} may have
     */
    OpenCursor open(GetMore getMore) {
        OpenCursor cursor = cursors.find(getMore.id(), getMore.namespace());
        if (cursor == null) {
            throw MongoErrorCode.CURSOR_NOT_FOUND.with("cursor id " + getMore.id() + " not found");
        }
        if (cursor.isRead()) {
            throw MongoErrorCode.CURSOR_IN_USE.with("cursor id " + getMore.id() + " is already in use");
        }
        if (getMore.maxTimeMillis() > 0 && !cursor.awaits()) {
            throw MongoErrorCode.BAD_VALUE.with("cannot set maxTimeMS on getMore command for a non-awaitData cursor");
        }
        return cursor;
    }

    /** The next documents. @throws dev.polywire.mongodb.store.CommandErrorException when the cursor has lost its place */
    List<Buffer> batch(GetMore getMore, OpenCursor cursor) {
        long size = getMore.batchSize() == 0 ? Integer.MAX_VALUE : getMore.batchSize();
        return cursor.documents().batch((int) Math.min(size, Integer.MAX_VALUE), maxBatchBytes);
    }

    Buffer killCursors(CommandRequest request) {
        List<Long> killed = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (BsonValue each : request.values("cursors")) {
            long id = each.isNumber() ? each.asNumber().longValue() : 0;
            (cursors.kill(id) ? killed : unknown).add(id);
        }
        return MongoAnswers.ok(out -> {
            out.writeStartArray("cursorsKilled");
            killed.forEach(out::writeInt64);
            out.writeEndArray();
            out.writeStartArray("cursorsNotFound");
            unknown.forEach(out::writeInt64);
            out.writeEndArray();
            out.writeStartArray("cursorsAlive");
            out.writeEndArray();
            out.writeStartArray("cursorsUnknown");
            out.writeEndArray();
        });
    }

    Buffer count(CommandRequest request) {
        long all = count(request.namespace(), request.document("query"));
        long skipped = Math.max(0, all - notNegative("skip", request.number("skip", 0)));
        long limit = Math.abs(request.number("limit", 0));
        return MongoAnswers.ok(out -> out.writeInt32("n", (int) (limit == 0 ? skipped : Math.min(skipped, limit))));
    }

    /** {@code [{$match: ..}, {$skip: n}, {$limit: n}, {$group: {_id: 1, n: {$sum: 1}}}]}, as drivers count. */
    Buffer aggregate(CommandRequest request) {
        long count = -1;
        BsonDocument filter = new BsonDocument();
        Iterator<BsonValue> stages = request.values("pipeline").iterator();
        while (stages.hasNext()) {
            BsonValue each = stages.next();
            BsonDocument stage = each.isDocument() ? each.asDocument() : new BsonDocument();
            if (stage.size() != 1) {
                throw MongoErrorCode.STAGE_FIELDS.with(
                        "A pipeline stage specification object must contain exactly one field.");
            }
            String name = stage.getFirstKey();
            if (name.equals("$match") && count < 0 && filter.isEmpty()) {
                filter = CommandRequest.document(stage, name);
                continue;
            }
            count = count < 0 ? count(request.namespace(), filter) : count;
            switch (name) {
                case "$skip" -> count = Math.max(0, count - notNegative(name, CommandRequest.number(stage, name, 0)));
                case "$limit" -> count = Math.min(count, notNegative(name, CommandRequest.number(stage, name, 0)));
                case "$group" -> {
                    BsonValue id = counts(CommandRequest.document(stage, name));
                    if (id == null || stages.hasNext()) {
                        throw MongoErrorCode.NOT_IMPLEMENTED.with("$group: not implemented but to count, at the end");
                    }
                    return counted(request, id, (int) count);
                }
                default -> throw MongoErrorCode.NOT_IMPLEMENTED.with(name + ": not implemented");
            }
        }
        throw MongoErrorCode.NOT_IMPLEMENTED.with("aggregations: not implemented but to count");
    }

    /** The constant {@code _id} of a group that is all documents; null: it is another, or does not count. */
    private static @Nullable BsonValue counts(BsonDocument group) {
        BsonValue id = group.get("_id");
        boolean constant = id != null && (id.isNull() || id.equals(new BsonInt32(1)));
        boolean counts = group.keySet().equals(Set.of("_id", "n"))
                && CommandRequest.document(group, "n").equals(new BsonDocument("$sum", new BsonInt32(1)));
        return constant && counts ? id : null;
    }

    private static Buffer counted(CommandRequest request, BsonValue id, int count) {
        List<Buffer> groups = count == 0
                ? List.of()
                : List.of(BsonOut.document(out -> {
                    MongoAnswers.value(out, "_id", id);
                    out.writeInt32("n", count);
                }));
        return onlyBatch(request, request.namespace(), groups);
    }

    /** An answer that is never in several batches. @throws dev.polywire.mongodb.store.CommandErrorException for a smaller one */
    static Buffer onlyBatch(CommandRequest request, String namespace, List<Buffer> documents) {
        BsonDocument cursor = request.document("cursor");
        OF_CURSOR.require(request.name() + ".cursor", cursor);
        if (CommandRequest.number(cursor, "batchSize", documents.size()) < documents.size()) {
            throw MongoErrorCode.NOT_IMPLEMENTED.with("cursor.batchSize: not implemented below " + documents.size());
        }
        return MongoAnswers.cursor(0, namespace, "firstBatch", documents);
    }

    private int count(String namespace, BsonDocument filter) {
        return store.collection(namespace).count(DocumentFilter.of(filter));
    }

    static long notNegative(String field, long value) {
        if (value < 0) {
            throw MongoErrorCode.BAD_VALUE.with(field + ": " + value + " (expected: >= 0)");
        }
        return value;
    }
}
