package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonType;
import org.bson.RawBsonDocument;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.RawBsonDocumentCodec;
import org.bson.io.BasicOutputBuffer;

/** The legacy hello, which servers of every age understand, as OP_MSG: the first message of a connection, and a question later. */
public final class HelloCommand {

    /** More than any client has; those behind are not read. */
    private static final int MAX_COMPRESSORS = 32;

    private static final Buffer AGAIN = write(out -> {});

    private HelloCommand() {}

    /** {@code {isMaster: 1, helloOk: true, $db: "admin"}}: the client is named only once. */
    public static Buffer again() {
        return AGAIN;
    }

    /** {@code {isMaster: 1, helloOk: true, client: {..}, compression: [..], $db: "admin"}}. */
    static Buffer document(ClientMetadata client, List<String> compression) {
        return write(out -> {
            out.writeName("client");
            new RawBsonDocumentCodec()
                    .encode(
                            out,
                            new RawBsonDocument(client.document().getBytes()),
                            EncoderContext.builder().build());
            out.writeStartArray("compression");
            compression.forEach(out::writeString);
            out.writeEndArray();
        });
    }

    /**
     * The compressors that a client offers; none when it says nothing of them, or not as an array of strings.
     *
     * @param checked a hello that has passed {@link BsonBounds#check}
     */
    public static List<String> compression(Buffer checked) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (in.readName().equals("compression") && in.getCurrentBsonType() == BsonType.ARRAY) {
                    return texts(in);
                }
                in.skipValue();
            }
            return List.of();
        }
    }

    private static List<String> texts(BsonBinaryReader in) {
        List<String> texts = new ArrayList<>();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT && texts.size() < MAX_COMPRESSORS) {
            if (in.getCurrentBsonType() == BsonType.STRING) {
                texts.add(in.readString());
            } else {
                in.skipValue();
            }
        }
        return texts;
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
