package dev.polywire.mongodb.store;

import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonObjectId;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.ByteBuf;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** A document in its own bytes: a copy, so that the message in which it has come is not kept. */
public final class StoredDocument {

    static final String ID = "_id";

    private static final int INT32_BYTES = 4;
    /** Type, {@code _id}, zero byte, 12 bytes. */
    private static final int ID_ELEMENT_BYTES = 1 + 4 + 12;

    private final RawBsonDocument fields;
    private final int length;
    private final BsonValue id;

    private StoredDocument(RawBsonDocument fields, int length, BsonValue id) {
        this.fields = fields;
        this.length = length;
        this.id = id;
    }

    /**
     * @param document has passed BsonBounds.check
     * @param ids gives the {@code _id} of one that has none; it comes first
     * @param maxBytes with its {@code _id}
     * @throws CommandErrorException when it is longer, or its {@code _id} is of a kind that cannot be one
     */
    static StoredDocument of(Buffer document, Supplier<ObjectId> ids, int maxBytes) {
        RawBsonDocument fields = new RawBsonDocument(document.getBytes());
        BsonValue id = fields.get(ID);
        boolean named = id != null;
        int length = document.length() + (named ? 0 : ID_ELEMENT_BYTES);
        if (length > maxBytes) {
            throw MongoErrorCode.BSON_OBJECT_TOO_LARGE.with(
                    "object to insert too large. size in bytes: " + length + ", max size: " + maxBytes);
        }
        if (id == null) {
            ObjectId made = ids.get();
            Buffer whole = withId(document, made, length);
            return new StoredDocument(new RawBsonDocument(whole.getBytes()), length, new BsonObjectId(made));
        }
        requireId(id);
        return new StoredDocument(fields, length, id);
    }

    private static void requireId(BsonValue id) {
        BsonType type = id.getBsonType();
        if (type == BsonType.ARRAY || type == BsonType.REGULAR_EXPRESSION || type == BsonType.UNDEFINED) {
            throw MongoErrorCode.INVALID_ID_FIELD.with("The '_id' value cannot be of type " + type);
        }
    }

    private static Buffer withId(Buffer document, ObjectId id, int length) {
        return Buffer.buffer(length)
                .appendIntLE(length)
                .appendByte((byte) BsonType.OBJECT_ID.getValue())
                .appendString(ID)
                .appendByte((byte) 0)
                .appendBytes(id.toByteArray())
                .appendBuffer(document, INT32_BYTES, document.length() - INT32_BYTES);
    }

    /** The bytes of a document that was made here. */
    static Buffer encoded(BsonDocument document) {
        BasicOutputBuffer out = new BasicOutputBuffer();
        try (BsonBinaryWriter writer = new BsonBinaryWriter(out)) {
            new BsonDocumentCodec()
                    .encode(writer, document, EncoderContext.builder().build());
        }
        return Buffer.buffer(out.toByteArray());
    }

    /** All of it, in a buffer of its own. */
    public Buffer bytes() {
        return bytes(fields);
    }

    /** A document as it has come, with fields of the same name. */
    public static Buffer bytes(RawBsonDocument received) {
        ByteBuf bytes = received.getByteBuffer();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Buffer.buffer(copy);
    }

    public BsonValue id() {
        return id;
    }

    int length() {
        return length;
    }

    /** Null: it has no such field. */
    @Nullable
    BsonValue get(String field) {
        return fields.get(field);
    }

    /** The same fields, to be changed. */
    BsonDocument fields() {
        BsonDocument copy = new BsonDocument();
        copy.putAll(fields);
        return copy;
    }
}
