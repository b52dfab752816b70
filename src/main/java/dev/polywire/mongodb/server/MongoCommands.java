package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.BsonOut;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;

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

    /** @return {@code ok: 0} when it fails */
    Buffer answer(ScriptedPeer peer, CommandRequest request) {
        try {
            CommandFields.require(request);
            requireNoTransaction(request);
            return run(peer, request);
        } catch (CommandErrorException why) {
            return MongoAnswers.refused(why);
        }
    }

    private static void requireNoTransaction(CommandRequest request) {
        if (request.flag("startTransaction", false) || !request.flag("autocommit", true)) {
            throw MongoErrorCode.ILLEGAL_OPERATION.with(
                    "Transaction numbers are only allowed on a replica set member or mongos");
        }
    }

    private Buffer run(ScriptedPeer peer, CommandRequest request) {
        return switch (request.name()) {
            case "insert" -> writes.insert(request);
            case "update" -> writes.update(request);
            case "delete" -> writes.delete(request);
            case "find" -> reads.find(peer, request);
            case "getMore" -> reads.getMore(request);
            case "killCursors" -> reads.killCursors(request);
            case "count" -> reads.count(request);
            case "aggregate" -> reads.aggregate(request);
            case "ping", "endSessions" -> MongoAnswers.OK;
            case "buildInfo", "buildinfo" -> MongoAnswers.ok(this::buildInfo);
            case "create" -> create(request.namespace());
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

    private Buffer create(String namespace) {
        if (store.has(namespace)) {
            throw MongoErrorCode.NAMESPACE_EXISTS.with("Collection " + namespace + " already exists.");
        }
        store.created(namespace);
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

    /** All in one batch, found by their name or all; {@code nameOnly} is without the options, which are empty anyway. */
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
                        out.writeStartDocument("options");
                        out.writeEndDocument();
                    }
                }))
                .toList();
        return ReadCommands.onlyBatch(request, request.database() + ".$cmd.listCollections", found);
    }
}
