package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.RawBsonDocumentCodec;
import org.bson.io.BasicOutputBuffer;

/** The first message of a connection: the legacy hello, which servers of every age understand, as OP_MSG. */
final class HelloCommand {

    private HelloCommand() {}

    /** {@code {isMaster: 1, helloOk: true, client: {..}, compression: [], $db: "admin"}}. */
    static Buffer document(ClientMetadata client) {
        BasicOutputBuffer bytes = new BasicOutputBuffer(2 * ClientMetadata.MAX_BYTES);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            out.writeStartDocument();
            out.writeInt32("isMaster", 1);
            out.writeBoolean("helloOk", true);
            out.writeName("client");
            new RawBsonDocumentCodec()
                    .encode(
                            out,
                            new RawBsonDocument(client.document().getBytes()),
                            EncoderContext.builder().build());
            out.writeStartArray("compression");
            out.writeEndArray();
            out.writeString("$db", "admin");
            out.writeEndDocument();
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
