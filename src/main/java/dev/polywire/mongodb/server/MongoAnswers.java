package dev.polywire.mongodb.server;

import dev.polywire.mongodb.store.CommandErrorException;
import dev.polywire.mongodb.store.StoredDocument;
import dev.polywire.mongodb.wire.BsonOut;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.EncoderContext;

/** Answers to commands. */
final class MongoAnswers {

    static final Buffer OK = ok(out -> {});

    private MongoAnswers() {}

    /** With {@code ok: 1} behind these fields. */
    static Buffer ok(Consumer<BsonBinaryWriter> fields) {
        return BsonOut.document(out -> {
            fields.accept(out);
            out.writeDouble("ok", 1);
        });
    }

    static Buffer refused(CommandErrorException why) {
        return BsonOut.document(out -> {
            out.writeDouble("ok", 0);
            out.writeString("errmsg", String.valueOf(why.getMessage()));
            out.writeInt32("code", why.code().number());
            out.writeString("codeName", why.code().codeName());
        });
    }

    /** The failure of a legacy query. */
    static Buffer failure(CommandErrorException why) {
        return BsonOut.document(out -> {
            out.writeString("$err", String.valueOf(why.getMessage()));
            out.writeInt32("code", why.code().number());
        });
    }

    /** @param batch {@code firstBatch} or {@code nextBatch} */
    static Buffer cursor(long id, String namespace, String batch, List<Buffer> documents) {
        return ok(out -> {
            out.writeStartDocument("cursor");
            out.writeStartArray(batch);
            documents.forEach(each -> document(out, each));
            out.writeEndArray();
            out.writeInt64("id", id);
            out.writeString("ns", namespace);
            out.writeEndDocument();
        });
    }

    /** Writes a document as it is, as the value of a name or in an array. */
    static void document(BsonBinaryWriter out, Buffer document) {
        try (BsonBinaryReader in = new BsonBinaryReader(ByteBuffer.wrap(document.getBytes()))) {
            out.pipe(in);
        }
    }

    static void value(BsonBinaryWriter out, String name, BsonValue value) {
        out.writeName(name);
        new BsonValueCodec().encode(out, value, EncoderContext.builder().build());
    }

    /** A document that has come stays as it is. */
    static Buffer bytes(BsonDocument document) {
        return document instanceof RawBsonDocument received
                ? StoredDocument.bytes(received)
                : BsonOut.document(out -> document.forEach((name, value) -> value(out, name, value)));
    }
}
