package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command whose bulk stands beside it, as current drivers send it (OP_MSG specification, "Command Arguments As Payload"):
 * {@code documents} of insert, {@code updates} of update, {@code deletes} of delete, {@code ops} and {@code nsInfo} of
 * bulkWrite.
 *
 * <pre>
 *   {insert: "c", documents: [{_id: 1}, {_id: 2}], $db: "d"}   becomes
 *   {insert: "c", $db: "d"}   and the sequence   documents: {_id: 1}, {_id: 2}
 * </pre>
 *
 * <p>The server sees the same command. Therefore an array that is empty or has an element that is no document stays in the
 * body, and so does a field that the command has twice: what those mean is the server's to say. Keys of the array are not
 * looked at, as servers do not.
 *
 * @param body the command without those fields, the others in their order
 * @param sequences in the order in which the command had them; their documents share memory with the command
 */
public record CommandSequences(Buffer body, List<DocumentSequence> sequences) {

    /** What a server allows a command beyond its largest document, bytes: room for the fields around such a document. */
    static final int ALLOWANCE_BYTES = 16 * 1024;

    static final String DOCUMENTS = "documents";

    private static final Map<String, Set<String>> MOVED = Map.of(
            "insert", Set.of(DOCUMENTS),
            "update", Set.of("updates"),
            "delete", Set.of("deletes"),
            "bulkWrite", Set.of("ops", "nsInfo"));

    public CommandSequences {
        sequences = List.copyOf(sequences);
    }

    /**
     * Linear in the command's bytes; the documents are not copied.
     *
     * @param checked a whole command, its name first, which has passed {@link BsonBounds#check}; not changed. It is the body
     *     itself when nothing can be moved
     * @throws ProtocolException LIMIT for more than 100 000 documents in one field
     */
    public static CommandSequences of(Buffer checked) {
        Set<String> movable = MOVED.get(BsonFields.firstName(checked));
        return movable == null ? new CommandSequences(checked, List.of()) : split(checked, movable);
    }

    private static CommandSequences split(Buffer checked, Set<String> movable) {
        List<DocumentSequence> sequences = new ArrayList<>();
        List<Buffer> kept = new ArrayList<>();
        int keptFrom = 4;
        Set<String> seen = new HashSet<>();
        BsonElements elements = new BsonElements(checked, 0);
        while (elements.next()) {
            String key = elements.key();
            if (!movable.contains(key)) {
                continue;
            }
            if (!seen.add(key)) {
                return new CommandSequences(checked, List.of());
            }
            List<Buffer> documents = documents(checked, key, elements);
            if (!documents.isEmpty()) {
                sequences.add(new DocumentSequence(key, documents));
                kept.add(checked.slice(keptFrom, elements.start()));
                keptFrom = elements.end();
            }
        }
        if (sequences.isEmpty()) {
            return new CommandSequences(checked, List.of());
        }
        kept.add(checked.slice(keptFrom, checked.length()));
        return new CommandSequences(joined(kept), sequences);
    }

    private static Buffer joined(List<Buffer> kept) {
        int bytes = 4 + kept.stream().mapToInt(Buffer::length).sum();
        ByteWriter body = new ByteWriter(bytes, bytes).int32LE(bytes);
        kept.forEach(body::bytes);
        return body.done();
    }

    /** The elements of an array when all are documents; none otherwise. */
    private static List<Buffer> documents(Buffer checked, String key, BsonElements field) {
        List<Buffer> documents = new ArrayList<>();
        if (field.type() == BsonElements.ARRAY) {
            BsonElements elements = new BsonElements(checked, field.value());
            while (elements.next()) {
                if (elements.type() != BsonElements.DOCUMENT) {
                    return List.of();
                }
                if (documents.size() == DocumentSequence.MAX_DOCUMENTS) {
                    throw ProtocolException.limit(key + ": more (expected: <= " + DocumentSequence.MAX_DOCUMENTS + ")");
                }
                documents.add(checked.slice(elements.value(), elements.end()));
            }
        }
        return documents;
    }

    /**
     * The command as one document again, the sequences as arrays behind the other fields: what a server makes of the message.
     *
     * @throws ProtocolException FRAMING when the body has a field of a sequence's name already
     */
    public Buffer command() {
        if (sequences.isEmpty()) {
            return body;
        }
        int bytes = body.length()
                + sequences.stream().mapToInt(s -> (int) s.bytes()).sum();
        ByteWriter out = new ByteWriter(bytes, Integer.MAX_VALUE).bytes(body.slice(0, body.length() - 1));
        for (DocumentSequence sequence : sequences) {
            if (BsonFields.has(body, sequence.identifier())) {
                throw ProtocolException.framing(
                        "sequence identifier: also a field of the body (expected: one of both)");
            }
            out.u8(BsonElements.ARRAY).cstring(sequence.identifier());
            int start = out.position();
            out.int32LE(0);
            int index = 0;
            for (Buffer document : sequence.documents()) {
                out.u8(BsonElements.DOCUMENT).cstring(Integer.toString(index++)).bytes(document);
            }
            out.u8(0).fillInt32LE(start, out.position() - start);
        }
        return out.u8(0).fillInt32LE(0, out.position()).done();
    }

    /**
     * Checks the sizes before anything is sent. A document to insert has the server's limit for documents. The body, and an
     * element of another sequence, which is a document with fields around it, may have 16 KiB more, as in the server; of
     * documents within such elements the server judges. A bulk that stands in the body is counted as one beside it.
     *
     * @throws ProtocolException LIMIT; nothing has been sent, so the connection may continue
     */
    public void requireWithin(HelloReply server) {
        long most = server.maxBsonObjectSizeBytes();
        require("command", body.length(), most + ALLOWANCE_BYTES, "bytes");
        sequences.forEach(each -> requireWithin(each.identifier(), each.documents(), server));
        of(body).sequences.forEach(each -> requireWithin(each.identifier(), each.documents(), server));
    }

    /** The same for one bulk. @param field its name: those of {@code documents} are stored as they are */
    static void requireWithin(String field, List<Buffer> documents, HelloReply server) {
        long most = server.maxBsonObjectSizeBytes();
        require(field, documents.size(), server.maxWriteBatchSize(), DOCUMENTS);
        long limit = field.equals(DOCUMENTS) ? most : most + ALLOWANCE_BYTES;
        String what = "document of " + field;
        for (Buffer document : documents) {
            require(what, document.length(), limit, "bytes");
        }
    }

    private static void require(String what, int value, long most, String unit) {
        if (value > most) {
            throw ProtocolException.limit(what + ": " + value + " " + unit + " (expected: <= " + most + ")");
        }
    }

    /** Without the documents. */
    @Override
    public String toString() {
        return "CommandSequences[" + BsonFields.firstName(body) + ", bodyBytes=" + body.length() + ", sequences="
                + sequences + "]";
    }
}
