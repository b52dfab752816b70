package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.DocumentCursor;
import dev.polywire.mongodb.store.DocumentFilter;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.store.SortOrder;
import dev.polywire.mongodb.wire.BsonOut;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;

/** find, getMore, killCursors, count, and the one aggregation by which drivers count. */
final class ReadCommands {

    /** Documents of a first batch when nobody says how many. */
    static final int FIRST_BATCH = 101;

    private static final List<String> NOT_THERE = List.of("projection", "collation", "min", "max", "let", "returnKey");

    private final DocumentStore store;
    private final CursorTable cursors;
    private final int maxBatchBytes;

    ReadCommands(DocumentStore store, CursorTable cursors, int maxBatchBytes) {
        this.maxBatchBytes = maxBatchBytes;
        this.store = store;
        this.cursors = cursors;
    }

    Buffer find(ScriptedPeer peer, CommandRequest request) {
        for (String option : NOT_THERE) {
            if (!request.document(option).isEmpty()) {
                throw MongoErrorCode.NOT_IMPLEMENTED.with(option + ": not implemented");
            }
        }
        if (request.flag("tailable", false)) {
            throw MongoErrorCode.BAD_VALUE.with("tailable cursor requested on non capped collection");
        }
        // Old clients say by a negative limit that they want one batch.
        long limit = request.number("limit", 0);
        DocumentCursor cursor = cursor(request.namespace(), request.document("filter"), request.document("sort"))
                .skip(notNegative("skip", request.number("skip", 0)))
                .limit(Math.abs(limit));
        long size = notNegative("batchSize", request.number("batchSize", FIRST_BATCH));
        List<Buffer> batch = cursor.batch((int) Math.min(size, Integer.MAX_VALUE), maxBatchBytes);
        boolean single = request.flag("singleBatch", false) || limit < 0;
        return MongoAnswers.cursor(single ? 0 : cursors.keep(peer, cursor), request.namespace(), "firstBatch", batch);
    }

    /** @throws dev.polywire.mongodb.store.CommandErrorException for a filter or an order that is not known here */
    DocumentCursor cursor(String namespace, BsonDocument filter, BsonDocument sort) {
        return store.collection(namespace).find(DocumentFilter.of(filter), SortOrder.of(sort));
    }

    Buffer getMore(CommandRequest request) {
        long id = request.number("getMore", 0);
        String namespace = request.namespace("collection");
        DocumentCursor cursor = cursors.find(id, namespace);
        if (cursor == null) {
            throw MongoErrorCode.CURSOR_NOT_FOUND.with("cursor id " + id + " not found");
        }
        long size = notNegative("batchSize", request.number("batchSize", 0));
        List<Buffer> batch =
                cursor.batch(size == 0 ? Integer.MAX_VALUE : (int) Math.min(size, Integer.MAX_VALUE), maxBatchBytes);
        if (cursor.isExhausted()) {
            cursors.kill(id);
            id = 0;
        }
        return MongoAnswers.cursor(id, namespace, "nextBatch", batch);
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
        for (BsonValue each : request.values("pipeline")) {
            BsonDocument stage = each.isDocument() ? each.asDocument() : new BsonDocument();
            String name = stage.isEmpty() ? "" : stage.getFirstKey();
            if (name.equals("$match") && count < 0 && filter.isEmpty()) {
                filter = CommandRequest.document(stage, name);
                continue;
            }
            count = count < 0 ? count(request.namespace(), filter) : count;
            switch (name) {
                case "$skip" -> count = Math.max(0, count - CommandRequest.number(stage, name, 0));
                case "$limit" -> count = Math.min(count, CommandRequest.number(stage, name, 0));
                case "$group" -> {
                    if (isCount(CommandRequest.document(stage, name))) {
                        return counted(request.namespace(), (int) count);
                    }
                    throw MongoErrorCode.NOT_IMPLEMENTED.with("$group: not implemented but to count");
                }
                default -> throw MongoErrorCode.NOT_IMPLEMENTED.with(name + ": not implemented");
            }
        }
        throw MongoErrorCode.NOT_IMPLEMENTED.with("aggregations: not implemented but to count");
    }

    private static boolean isCount(BsonDocument group) {
        return group.keySet().equals(Set.of("_id", "n"))
                && CommandRequest.document(group, "n").equals(new BsonDocument("$sum", new BsonInt32(1)));
    }

    private static Buffer counted(String namespace, int count) {
        List<Buffer> groups = count == 0
                ? List.of()
                : List.of(BsonOut.document(out -> {
                    out.writeInt32("_id", 1);
                    out.writeInt32("n", count);
                }));
        return MongoAnswers.cursor(0, namespace, "firstBatch", groups);
    }

    private int count(String namespace, BsonDocument filter) {
        return store.collection(namespace).count(DocumentFilter.of(filter));
    }

    private static long notNegative(String field, long value) {
        if (value < 0) {
            throw MongoErrorCode.BAD_VALUE.with(field + ": " + value + " (expected: >= 0)");
        }
        return value;
    }
}
