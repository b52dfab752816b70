package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.bson.BsonBinaryWriter;
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
}
