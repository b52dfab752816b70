package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/** BSON for tests, by the reference library. */
public final class Documents {

    public static final Buffer OK = bson("{ok: 1.0}");

    /** What a server of today says. */
    static final Buffer HELLO = hello("maxMessageSizeBytes: 48000000");

    /** The same, with all compressors. */
    static final Buffer HELLO_COMPRESSED =
            hello("maxMessageSizeBytes: 48000000, compression: ['snappy', 'zstd', 'zlib', 'noop']");

    private Documents() {}

    public static Buffer bson(String json) {
        return bson(BsonDocument.parse(json));
    }

    public static Buffer bson(BsonDocument document) {
        BasicOutputBuffer bytes = new BasicOutputBuffer();
        new BsonDocumentCodec()
                .encode(
                        new BsonBinaryWriter(bytes),
                        document,
                        EncoderContext.builder().build());
        return Buffer.buffer(bytes.toByteArray());
    }

    public static BsonDocument parsed(Buffer document) {
        return new RawBsonDocument(document.getBytes()).decode(new BsonDocumentCodec());
    }

    /** A hello reply with other sizes, as one field or more. */
    static Buffer hello(String fields) {
        return bson("{ismaster: true, maxBsonObjectSize: 16777216, maxWriteBatchSize: 100000, minWireVersion: 0,"
                + " maxWireVersion: 25, helloOk: true, " + fields + ", ok: 1.0}");
    }

    /** A whole message with these bytes behind the header; responseTo 1. */
    public static Buffer frame(int opCode, Buffer body) {
        return Buffer.buffer()
                .appendIntLE(16 + body.length())
                .appendIntLE(7)
                .appendIntLE(1)
                .appendIntLE(opCode)
                .appendBuffer(body);
    }

    /** An OP_MSG whose only section is {@code document}, right or wrong. */
    public static Buffer reply(Buffer document) {
        return frame(
                OpMsg.OP_CODE,
                Buffer.buffer().appendIntLE(0).appendByte((byte) 0).appendBuffer(document));
    }
}
