package dev.polywire.mongodb.store;

import io.vertx.core.buffer.Buffer;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** What becomes of a document: {@code {$set: {..}}} sets top-level fields; a document without operators takes its place. */
public final class DocumentUpdate {

    private static final String SET = "$set";

    private final boolean replaces;
    private final BsonDocument fields;

    private DocumentUpdate(boolean replaces, BsonDocument fields) {
        this.replaces = replaces;
        this.fields = fields;
    }

    /** @throws CommandErrorException FAILED_TO_PARSE or NOT_IMPLEMENTED when it has more than there is here */
    public static DocumentUpdate of(BsonValue update) {
        if (!update.isDocument()) {
            throw DocumentFilter.notImplemented("updates by a pipeline");
        }
        BsonDocument document = update.asDocument();
        if (document.isEmpty() || !document.getFirstKey().startsWith("$")) {
            return new DocumentUpdate(true, document);
        }
        document.keySet().stream().filter(name -> !name.equals(SET)).findFirst().ifPresent(name -> {
            throw MongoErrorCode.FAILED_TO_PARSE.with("Unknown modifier: " + name);
        });
        BsonValue set = document.get(SET);
        if (set == null || !set.isDocument()) {
            throw MongoErrorCode.FAILED_TO_PARSE.with("Modifiers operate on fields but we found another type for $set");
        }
        set.asDocument().keySet().forEach(DocumentFilter::requireTopLevel);
        return new DocumentUpdate(false, set.asDocument());
    }

    /** Whether it is a whole document, which only one can become. */
    public boolean replaces() {
        return replaces;
    }

    /**
     * What the document becomes.
     *
     * @return null: it is that already
     * @throws CommandErrorException IMMUTABLE_FIELD when its {@code _id} would change
     */
    @Nullable
    Buffer applied(StoredDocument document) {
        BsonValue wanted = fields.get(StoredDocument.ID);
        if (wanted != null && BsonOrder.VALUES.compare(wanted, document.id()) != 0) {
            throw MongoErrorCode.IMMUTABLE_FIELD.with(
                    "Performing an update on the path '_id' would modify the immutable field '_id'");
        }
        BsonDocument changed = replaces ? new BsonDocument(StoredDocument.ID, document.id()) : document.fields();
        changed.putAll(fields);
        Buffer bytes = StoredDocument.encoded(changed);
        return bytes.equals(document.bytes()) ? null : bytes;
    }

    /** What is inserted when nothing matches. */
    Buffer inserted(DocumentFilter filter) {
        BsonDocument equalities = filter.equalities();
        BsonDocument made = new BsonDocument();
        if (!replaces) {
            made.putAll(equalities);
        } else if (equalities.containsKey(StoredDocument.ID)) {
            made.put(StoredDocument.ID, equalities.get(StoredDocument.ID));
        }
        made.putAll(fields);
        return StoredDocument.encoded(made);
    }
}
