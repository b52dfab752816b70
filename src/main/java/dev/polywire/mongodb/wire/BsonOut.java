package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteWriter;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.RawBsonDocumentCodec;
import org.bson.io.BasicOutputBuffer;

/** Writes documents of our own. */
public final class BsonOut {

    private BsonOut() {}

    /** A document with these fields, in this order. */
    public static Buffer document(Consumer<BsonBinaryWriter> fields) {
        return written(out -> {
            out.writeStartDocument();
            fields.accept(out);
            out.writeEndDocument();
        });
    }

    /** What {@code document} writes, which is a whole document. */
    public static Buffer written(Consumer<BsonBinaryWriter> document) {
        BasicOutputBuffer bytes = new BasicOutputBuffer(256);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            document.accept(out);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    /** Writes a document as it is, as the value of the name that was written. */
    static void whole(BsonBinaryWriter out, Buffer document) {
        new RawBsonDocumentCodec()
                .encode(
                        out,
                        new RawBsonDocument(document.getBytes()),
                        EncoderContext.builder().build());
    }

    /**
     * A copy of a document with more elements behind its own.
     *
     * <pre>
     *   int32 length | its elements | more | 00
     * </pre>
     *
     * @param checked not changed
     * @param roomBytes the most that {@code more} writes, and the end
     */
    static Buffer appended(Buffer checked, int roomBytes, Consumer<ByteWriter> more) {
        int bytes = checked.length() + roomBytes;
        ByteWriter out = new ByteWriter(bytes, bytes).bytes(checked.slice(0, checked.length() - 1));
        more.accept(out);
        return out.u8(0).fillInt32LE(0, out.position()).done();
    }

    /** An element that is a string. @param utf8 its text */
    static void string(ByteWriter out, String key, byte[] utf8) {
        out.u8(BsonElements.STRING)
                .cstring(key)
                .int32LE(utf8.length + 1)
                .bytes(Buffer.buffer(utf8))
                .u8(0);
    }
}
