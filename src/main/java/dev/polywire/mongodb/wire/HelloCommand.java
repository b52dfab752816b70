package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.RawBsonDocumentCodec;
import org.bson.io.BasicOutputBuffer;

/** The legacy hello, which servers of every age understand, as OP_MSG: the first message of a connection, and a question later. */
public final class HelloCommand {

    private static final Buffer AGAIN = write(out -> {});

    private HelloCommand() {}

    /** {@code {isMaster: 1, helloOk: true, $db: "admin"}}: the client is named only once. */
    public static Buffer again() {
        return AGAIN;
    }

    /** {@code {isMaster: 1, helloOk: true, client: {..}, compression: [], $db: "admin"}}. */
    static Buffer document(ClientMetadata client) {
        return write(out -> {
            out.writeName("client");
            new RawBsonDocumentCodec()
                    .encode(
                            out,
                            new RawBsonDocument(client.document().getBytes()),
                            EncoderContext.builder().build());
            out.writeStartArray("compression");
            out.writeEndArray();
        });
    }

    private static Buffer write(Consumer<BsonBinaryWriter> more) {
        BasicOutputBuffer bytes = new BasicOutputBuffer(2 * ClientMetadata.MAX_BYTES);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            out.writeStartDocument();
            out.writeInt32("isMaster", 1);
            out.writeBoolean("helloOk", true);
            more.accept(out);
            out.writeString("$db", "admin");
            out.writeEndDocument();
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
