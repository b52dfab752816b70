package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.DocumentFilter;
import dev.polywire.mongodb.store.DocumentStore;
import dev.polywire.mongodb.store.DocumentUpdate;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.store.StoredCollection;
import dev.polywire.mongodb.store.UpdateOutcome;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** insert, update and delete (manual, "Write Commands"): one write after the other, each with an outcome of its own. */
final class WriteCommands {

    /** One write of a command. */
    private interface Write {
        void run(int index, Buffer document);
    }

    private record WriteError(int index, CommandErrorException why) {}

    private record Upserted(int index, BsonValue id) {}

    private final DocumentStore store;
    private final int maxBatch;

    /** @param maxBatch writes of one command */
    WriteCommands(DocumentStore store, int maxBatch) {
        this.store = store;
        this.maxBatch = maxBatch;
    }

    Buffer insert(CommandRequest request) {
        StoredCollection into = store.created(request.namespace());
        int[] inserted = {0};
        List<WriteError> errors = each(request, "documents", (index, document) -> {
            into.insert(document);
            inserted[0]++;
        });
        return MongoAnswers.ok(out -> {
            out.writeInt32("n", inserted[0]);
            write(out, errors);
        });
    }

    Buffer update(CommandRequest request) {
        int[] matched = {0};
        int[] modified = {0};
        List<Upserted> upserted = new ArrayList<>();
        requireKnown(request, "updates", CommandFields.OF_UPDATE);
        List<WriteError> errors = each(request, "updates", (index, document) -> {
            UpdateOutcome outcome = updated(request.namespace(), new RawBsonDocument(document.getBytes()));
            BsonValue id = outcome.upsertedId();
            matched[0] += outcome.matched() + (id == null ? 0 : 1);
            modified[0] += outcome.modified();
            if (id != null) {
                upserted.add(new Upserted(index, id));
            }
        });
        return MongoAnswers.ok(out -> {
            out.writeInt32("n", matched[0]);
            out.writeInt32("nModified", modified[0]);
            if (!upserted.isEmpty()) {
                out.writeStartArray("upserted");
                upserted.forEach(each -> {
                    out.writeStartDocument();
                    out.writeInt32("index", each.index());
                    MongoAnswers.value(out, "_id", each.id());
                    out.writeEndDocument();
                });
                out.writeEndArray();
            }
            write(out, errors);
        });
    }

    private UpdateOutcome updated(String namespace, BsonDocument statement) {
        boolean multi = CommandRequest.flag(statement, "multi", false);
        boolean upsert = CommandRequest.flag(statement, "upsert", false);
        BsonValue update = statement.get("u");
        return updated(
                namespace,
                CommandRequest.document(statement, "q"),
                update == null ? BsonNull.VALUE : update,
                multi,
                upsert);
    }

    UpdateOutcome updated(String namespace, BsonDocument filter, BsonValue update, boolean multi, boolean upsert) {
        DocumentUpdate change = DocumentUpdate.of(update);
        if (multi && change.replaces()) {
            throw MongoErrorCode.FAILED_TO_PARSE.with("multi update is not supported for replacement-style update");
        }
        DocumentFilter found = DocumentFilter.of(filter);
        StoredCollection in = upsert ? store.created(namespace) : store.collection(namespace);
        return in.update(found, change, multi, upsert);
    }

    Buffer delete(CommandRequest request) {
        int[] deleted = {0};
        StoredCollection from = store.collection(request.namespace());
        requireKnown(request, "deletes", CommandFields.OF_DELETE);
        List<WriteError> errors = each(request, "deletes", (index, document) -> {
            BsonDocument statement = new RawBsonDocument(document.getBytes());
            long limit = CommandRequest.number(statement, "limit", -1);
            if (limit != 0 && limit != 1) {
                throw MongoErrorCode.FAILED_TO_PARSE.with("The limit field in delete objects must be 0 or 1");
            }
            deleted[0] += from.delete(DocumentFilter.of(CommandRequest.document(statement, "q")), (int) limit);
        });
        return MongoAnswers.ok(out -> {
            out.writeInt32("n", deleted[0]);
            write(out, errors);
        });
    }

    /** Before the first write: a command with a field that is not known does nothing. */
    private static void requireKnown(CommandRequest request, String field, CommandFields known) {
        for (Buffer document : request.documents(field)) {
            known.require(request.name() + "." + field, new RawBsonDocument(document.getBytes()));
        }
    }

    private List<WriteError> each(CommandRequest request, String field, Write write) {
        List<Buffer> documents = request.documents(field);
        if (documents.isEmpty() || documents.size() > maxBatch) {
            throw MongoErrorCode.INVALID_LENGTH.with("Write batch sizes must be between 1 and " + maxBatch + ". Got "
                    + documents.size() + " operations.");
        }
        boolean ordered = request.flag("ordered", true);
        List<WriteError> errors = new ArrayList<>();
        for (int index = 0; index < documents.size() && (errors.isEmpty() || !ordered); index++) {
            try {
                write.run(index, documents.get(index));
            } catch (CommandErrorException why) {
                errors.add(new WriteError(index, why));
            }
        }
        return errors;
    }

    private static void write(BsonBinaryWriter out, List<WriteError> errors) {
        if (errors.isEmpty()) {
            return;
        }
        out.writeStartArray("writeErrors");
        errors.forEach(each -> {
            out.writeStartDocument();
            out.writeInt32("index", each.index());
            out.writeInt32("code", each.why().code().number());
            out.writeString("errmsg", String.valueOf(each.why().getMessage()));
            out.writeEndDocument();
        });
        out.writeEndArray();
    }
}
