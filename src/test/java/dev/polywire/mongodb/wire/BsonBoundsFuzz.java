package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;

/** Bytes are DECODE, or a document that the reference library reads, that can be looked into, and that writes as a good one. */
public final class BsonBoundsFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "bson-bounds";
    }

    @Override
    public Stream<Buffer> seeds() {
        return documents();
    }

    /** One of each type, nested ones, and the documents of recorded messages. */
    public static Stream<Buffer> documents() {
        List<String> elements = Vectors.lines("/extended-json.csv").stream()
                .skip(1)
                .map(line -> line.split("\\|"))
                .filter(parts -> parts.length > 2)
                .map(parts -> parts[1] + "6100" + parts[2])
                .toList();
        return Stream.of(
                        elements.stream().map(BsonBoundsFuzz::document),
                        Stream.of(document(String.join("", elements)), BsonBoundsTest.nested(20)),
                        MongoMessageFuzz.messages()
                                .filter(frame -> frame.length() > 26 && frame.getIntLE(12) == OpMsg.OP_CODE)
                                .map(frame -> frame.getBuffer(21, frame.length())))
                .flatMap(each -> each);
    }

    private static Buffer document(String elements) {
        Buffer inside = Vectors.bytes(elements);
        return Buffer.buffer()
                .appendIntLE(inside.length() + BsonBounds.LEAST_BYTES)
                .appendBuffer(inside)
                .appendByte((byte) 0);
    }

    @Override
    public void run(Buffer input) {
        try {
            BsonBounds.check(input);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        BsonFields.firstName(input);
        BsonFields.text(input, "a");
        BsonFields.has(input, "a");
        CommandKind.reads(input);
        BsonBounds.check(Documents.bson(Documents.parsed(input)));
    }
}
