package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind 1 section of {@link OpMsg}: the documents of a bulk write beside the command instead of in it.
 *
 * <pre>
 *   int32 size (counts itself) | cstring identifier | document*
 * </pre>
 *
 * @param identifier the field of the command that the documents replace, such as {@code documents}
 * @param documents may be empty
 */
public record DocumentSequence(String identifier, List<Buffer> documents) {

    /** The largest batch any server takes (maxWriteBatchSize). */
    static final int MAX_DOCUMENTS = 100_000;

    public DocumentSequence {
        documents = List.copyOf(documents);
        documents.forEach(BsonBounds::requireWhole);
    }

    static DocumentSequence read(Buffer frame, ByteReader in) {
        int size = in.int32LE("sequence size");
        if (size < 5) {
            throw in.bad("sequence size: " + size + " (expected: >= 5)");
        }
        int start = in.position();
        in.skip(size - 4, "sequence");
        ByteReader section = new ByteReader(frame, start, in.position(), ProtocolException.Kind.FRAMING);
        return new DocumentSequence(section.cstring("sequence identifier"), readDocuments(frame, section));
    }

    /** Documents up to the reader's end. Many tiny documents would need far more memory than their bytes on the wire. */
    static List<Buffer> readDocuments(Buffer frame, ByteReader in) {
        List<Buffer> documents = new ArrayList<>();
        while (in.remaining() > 0) {
            if (documents.size() == MAX_DOCUMENTS) {
                throw ProtocolException.limit("documents: more (expected: <= " + MAX_DOCUMENTS + ")");
            }
            documents.add(BsonBounds.readChecked(frame, in));
        }
        return documents;
    }

    /** Bytes from the size on; the byte with the kind is not counted. */
    long bytes() {
        return 4L
                + Utf8.bytes(identifier)
                + 1
                + documents.stream().mapToLong(Buffer::length).sum();
    }

    /** The section's bytes before its documents, its kind included. */
    Buffer head() {
        int bytes = 1 + 4 + (int) Utf8.bytes(identifier) + 1;
        return new ByteWriter(bytes, bytes)
                .u8(1)
                .int32LE((int) bytes())
                .cstring(identifier)
                .done();
    }

    void write(ByteWriter out) {
        out.bytes(head());
        documents.forEach(out::bytes);
    }

    /** Without the documents. */
    @Override
    public String toString() {
        return identifier + ": " + documents.size() + " documents";
    }
}
