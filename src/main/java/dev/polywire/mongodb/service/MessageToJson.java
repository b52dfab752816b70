package dev.polywire.mongodb.service;

import dev.polywire.mongodb.wire.DocumentSequence;
import dev.polywire.mongodb.wire.MessageNames;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpDelete;
import dev.polywire.mongodb.wire.OpGetMore;
import dev.polywire.mongodb.wire.OpInsert;
import dev.polywire.mongodb.wire.OpKillCursors;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.OpUpdate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as JSON, every field of the specification but counts and zeros; {@link JsonToMessage} reads it. */
final class MessageToJson {

    /** What makes JSON of documents. */
    @FunctionalInterface
    interface DocumentsToJson {
        JsonObject json(Buffer checked, boolean canonical);
    }

    private final DocumentsToJson documents;
    private final boolean canonical;

    /** @param canonical the form of documents and cursors' ids; the other numbers of a message are not BSON, and plain */
    MessageToJson(DocumentsToJson documents, boolean canonical) {
        this.documents = documents;
        this.canonical = canonical;
    }

    /** @param compressor the name of the one that it came with, or is to go with; null: it is not compressed */
    JsonObject json(MongoMessage message, @Nullable String compressor) {
        JsonObject plain = json(message);
        return compressor == null
                ? plain
                : new JsonObject()
                        .put("opCode", JsonToMessage.COMPRESSED)
                        .put("compressor", compressor)
                        .put("message", plain);
    }

    private JsonObject json(MongoMessage message) {
        JsonObject json = new JsonObject().put("opCode", MessageNames.opCode(message.opCode()));
        if (message instanceof OpMsg command) {
            return json.put("flagBits", FlagNames.OP_MSG.write(command.flagBits()))
                    .put("body", document(command.body()))
                    .put("sequences", sequences(command.sequences()));
        } else if (message instanceof OpReply reply) {
            return json.put("responseFlags", FlagNames.OP_REPLY.write(reply.responseFlags()))
                    .put("cursorID", int64(reply.cursorId()))
                    .put("startingFrom", reply.startingFrom())
                    .put("documents", all(reply.documents()));
        } else if (message instanceof OpQuery query) {
            json.put("flags", FlagNames.OP_QUERY.write(query.flags()))
                    .put("fullCollectionName", query.fullCollectionName())
                    .put("numberToSkip", query.numberToSkip())
                    .put("numberToReturn", query.numberToReturn())
                    .put("query", document(query.query()));
            Buffer selector = query.returnFieldsSelector();
            return selector == null ? json : json.put("returnFieldsSelector", document(selector));
        } else if (message instanceof OpInsert insert) {
            return json.put("flags", FlagNames.OP_INSERT.write(insert.flags()))
                    .put("fullCollectionName", insert.fullCollectionName())
                    .put("documents", all(insert.documents()));
        } else if (message instanceof OpUpdate update) {
            return json.put("fullCollectionName", update.fullCollectionName())
                    .put("flags", FlagNames.OP_UPDATE.write(update.flags()))
                    .put("selector", document(update.selector()))
                    .put("update", document(update.update()));
        } else if (message instanceof OpDelete delete) {
            return json.put("fullCollectionName", delete.fullCollectionName())
                    .put("flags", FlagNames.OP_DELETE.write(delete.flags()))
                    .put("selector", document(delete.selector()));
        } else if (message instanceof OpGetMore more) {
            return json.put("fullCollectionName", more.fullCollectionName())
                    .put("numberToReturn", more.numberToReturn())
                    .put("cursorID", int64(more.cursorId()));
        } else if (message instanceof OpKillCursors kill) {
            JsonArray ids = new JsonArray();
            kill.cursorIds().forEach(id -> ids.add(int64(id)));
            return json.put("cursorIDs", ids);
        }
        throw new IllegalArgumentException("opCode " + message.opCode() + " (expected: the message inside)");
    }

    private JsonArray sequences(List<DocumentSequence> sequences) {
        JsonArray json = new JsonArray();
        sequences.forEach(sequence -> json.add(
                new JsonObject().put("identifier", sequence.identifier()).put("documents", all(sequence.documents()))));
        return json;
    }

    private JsonArray all(List<Buffer> checked) {
        JsonArray json = new JsonArray();
        checked.forEach(document -> json.add(document(document)));
        return json;
    }

    private JsonObject document(Buffer checked) {
        return documents.json(checked, canonical);
    }

    private Object int64(long value) {
        return BsonToJson.int64(value, canonical);
    }
}
