package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CappedSize;
import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.BsonOut;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** The commands of a {@link SmallMongo} by their names; others are refused with code 59. */
final class MongoCommands {

    static final String VERSION = "8.0.0";

    private final DocumentStore store;
    private final WriteCommands writes;
    private final ReadCommands reads;
    private final int maxDocumentBytes;

    MongoCommands(DocumentStore store, CursorTable cursors, SmallMongoOptions options) {
        this.store = store;
        this.writes = new WriteCommands(store, options.writes());
        this.reads = new ReadCommands(store, cursors, options.batchBytes());
        this.maxDocumentBytes = options.documentBytes();
    }

    ReadCommands reads() {
        return reads;
    }

    WriteCommands writes() {
        return writes;
    }

    /** @throws CommandErrorException for a field that no such command has, and for a transaction */
    static void require(CommandRequest request) {
        CommandFields.require(request);
        requireNoTransaction(request);
    }

    private static void requireNoTransaction(CommandRequest request) {
        if (request.flag("startTransaction", false) || !request.flag("autocommit", true)) {
            throw MongoErrorCode.ILLEGAL_OPERATION.with(
                    "Transaction numbers are only allowed on a replica set member or mongos");
        }
    }

    /** Runs one that is answered at once. @throws CommandErrorException when it fails */
    Buffer run(ScriptedPeer peer, CommandRequest request) {
        return switch (request.name()) {
            case "insert" -> writes.insert(request);
            case "update" -> writes.update(request);
            case "delete" -> writes.delete(request);
            case "find" -> reads.find(peer, request);
            case "killCursors" -> reads.killCursors(request);
            case "count" -> reads.count(request);
            case "aggregate" -> reads.aggregate(request);
            case "ping", "endSessions" -> MongoAnswers.OK;
            case "buildInfo", "buildinfo" -> MongoAnswers.ok(this::buildInfo);
            case "create" -> create(request);
            case "drop" -> drop(request.namespace());
            case "dropDatabase" -> dropDatabase(request.database());
            case "listCollections" -> listCollections(request);
            default -> throw MongoErrorCode.COMMAND_NOT_FOUND.with("no such command: '" + request.name() + "'");
        };
    }

    private void buildInfo(BsonBinaryWriter out) {
        out.writeString("version", VERSION);
        out.writeStartArray("versionArray");
        List.of(8, 0, 0, 0).forEach(out::writeInt32);
        out.writeEndArray();
        out.writeInt32("maxBsonObjectSize", maxDocumentBytes);
    }

    private Buffer create(CommandRequest request) {
        String namespace = request.namespace();
        long size = request.number("size", 0);
        long max = request.number("max", 0);
        boolean capped = request.flag("capped", false);
        if (capped ? size == 0 : size != 0 || max != 0) {
            throw MongoErrorCode.INVALID_OPTIONS.with("the fields 'size' and 'max' need 'capped', which needs 'size'");
        }
        if (store.has(namespace)) {
            throw MongoErrorCode.NAMESPACE_EXISTS.with("Collection " + namespace + " already exists.");
        }
        store.created(namespace, capped ? new CappedSize(size, Math.max(0, max)) : null);
        return MongoAnswers.OK;
    }

    private Buffer drop(String namespace) {
        if (store.drop(namespace) == null) {
            throw MongoErrorCode.NAMESPACE_NOT_FOUND.with("ns not found");
        }
        return MongoAnswers.ok(out -> out.writeString("ns", namespace));
    }

    private Buffer dropDatabase(String database) {
        store.names(database).forEach(name -> store.drop(database + "." + name));
        return MongoAnswers.ok(out -> out.writeString("dropped", database));
    }

    /** All in one batch, found by their name or all; {@code nameOnly} is without the options. */
    private Buffer listCollections(CommandRequest request) {
        BsonDocument filter = request.document("filter");
        if (!filter.isEmpty() && !(filter.size() == 1 && filter.isString("name"))) {
            throw MongoErrorCode.NOT_IMPLEMENTED.with("listCollections.filter: not implemented but {name: ..}");
        }
        boolean nameOnly = request.flag("nameOnly", false);
        List<Buffer> found = store.names(request.database()).stream()
                .filter(name ->
                        filter.isEmpty() || filter.getString("name").getValue().equals(name))
                .map(name -> BsonOut.document(out -> {
                    out.writeString("name", name);
                    out.writeString("type", "collection");
                    if (!nameOnly) {
                        options(
                                out,
                                store.collection(request.database() + "." + name)
                                        .capped());
                    }
                }))
                .toList();
        return ReadCommands.onlyBatch(request, request.database() + ".$cmd.listCollections", found);
    }

    private static void options(BsonBinaryWriter out, @Nullable CappedSize capped) {
        out.writeStartDocument("options");
        if (capped != null) {
            out.writeBoolean("capped", true);
            out.writeInt64("size", capped.bytes());
            if (capped.documents() > 0) {
                out.writeInt64("max", capped.documents());
            }
        }
        out.writeEndDocument();
    }
}
