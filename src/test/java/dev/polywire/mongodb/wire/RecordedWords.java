package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** The words in which the recordings have a message: what they say of its bytes, and bytes for those that are words only. */
final class RecordedWords {

    /** Of the sequence's documents, so many are written out. */
    private static final int DOCUMENTS_SAID = 3;
    /** Of a binary value that is no text, so many bytes. */
    private static final int BYTES_SAID = 8;

    private static final Pattern GREETING = Pattern.compile("len=[0-9]+ req=(-?[0-9]+) to=(-?[0-9]+) "
            + "(?:OP_MSG flags=0x([0-9a-f]+) k0"
            + "|OP_QUERY flags=([0-9]+) ns=([^ ]+) skip=([0-9]+) ret=(-?[0-9]+)"
            + "|OP_REPLY flags=([0-9]+) cursor=([0-9]+) start=([0-9]+) n=1) (\\{.*\\})");

    private RecordedWords() {}

    /** A whole message in words. */
    static String of(Buffer frame) {
        MessageHeader header = MessageHeader.read(frame);
        return String.format("len=%d req=%d to=%d ", frame.length(), header.requestId(), header.responseTo())
                + of(header, MongoMessage.read(header, frame));
    }

    private static String of(MessageHeader header, MongoMessage message) {
        if (message instanceof OpCompressed compressed) {
            Buffer inside = inflated(header, compressed);
            return String.format(
                    "OP_COMPRESSED orig=%d size=%d id=%d < %s >",
                    compressed.originalOpCode(),
                    compressed.uncompressedBytes(),
                    compressed.compressorId(),
                    of(header, MongoMessage.read(MessageHeader.read(inside), inside)));
        }
        if (message instanceof OpMsg command) {
            return String.format("OP_MSG flags=0x%x k0 %s", command.flagBits(), of(Documents.parsed(command.body())))
                    + command.sequences().stream().map(RecordedWords::of).collect(Collectors.joining());
        }
        if (message instanceof OpQuery query) {
            return String.format(
                    "OP_QUERY flags=%d ns=%s skip=%d ret=%d %s",
                    query.flags(),
                    query.fullCollectionName(),
                    query.numberToSkip(),
                    query.numberToReturn(),
                    of(Documents.parsed(query.query())));
        }
        OpReply reply = (OpReply) message;
        return String.format(
                "OP_REPLY flags=%d cursor=%d start=%d n=%d %s",
                reply.responseFlags(),
                reply.cursorId(),
                reply.startingFrom(),
                reply.documents().size(),
                of(Documents.parsed(reply.documents().get(0))));
    }

    private static String of(DocumentSequence sequence) {
        return String.format(
                        " | k1 %s[%d]",
                        sequence.identifier(), sequence.documents().size())
                + sequence.documents().stream()
                        .limit(DOCUMENTS_SAID)
                        .map(each -> " " + of(Documents.parsed(each)))
                        .collect(Collectors.joining());
    }

    private static String of(BsonValue value) {
        return switch (value.getBsonType()) {
            case DOCUMENT ->
                value.asDocument().entrySet().stream()
                        .map(field -> field.getKey() + ": " + of(field.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case ARRAY -> value.asArray().stream().map(RecordedWords::of).collect(Collectors.joining(", ", "[", "]"));
            case STRING -> '"' + value.asString().getValue() + '"';
            case INT32 -> String.valueOf(value.asInt32().getValue());
            case INT64 -> "long " + value.asInt64().getValue();
            case DOUBLE -> "double " + value.asDouble().getValue();
            case BOOLEAN -> String.valueOf(value.asBoolean().getValue());
            case OBJECT_ID -> "ObjectId('" + value.asObjectId().getValue() + "')";
            case DATE_TIME -> "<now>";
            case BINARY -> of(value.asBinary());
            default -> throw new IllegalArgumentException("no recording has this: " + value);
        };
    }

    /** Called {@code bin0} with any subtype. */
    private static String of(BsonBinary binary) {
        byte[] bytes = binary.getData();
        return binary.getType() == BsonBinarySubType.UUID_STANDARD.getValue()
                ? String.format(
                        "bin0[%d bytes %s..]", bytes.length, HexFormat.of().formatHex(bytes, 0, BYTES_SAID))
                : "bin0(b'" + new String(bytes, StandardCharsets.US_ASCII) + "')";
    }

    /** The message inside, by the compressor that it names. */
    static Buffer inflated(MessageHeader header, OpCompressed compressed) {
        return compressed.inflate(header, compressor(compressed.compressorId()), MessageHeader.MAX_MESSAGE_BYTES);
    }

    static Compressor compressor(int id) {
        return Compressors.usable(List.of("snappy", "zlib", "zstd"), -1).stream()
                .filter(each -> each.id() == id)
                .findFirst()
                .orElseThrow();
    }

    /** A greeting or its answer in bytes; its {@code <kernel>} is that text, and {@code <now>} the beginning of time. */
    static Buffer frame(String words) {
        Matcher found = GREETING.matcher(words);
        if (!found.matches()) {
            throw new IllegalArgumentException("not a greeting: " + words);
        }
        Buffer document = Documents.bson(document(words));
        MongoMessage message;
        if (found.group(3) != null) {
            message = new OpMsg(Integer.parseInt(found.group(3), 16), document, List.of());
        } else if (found.group(5) != null) {
            message = new OpQuery(number(found, 4), found.group(5), number(found, 6), number(found, 7), document, null);
        } else {
            message = new OpReply(number(found, 8), number(found, 9), number(found, 10), List.of(document));
        }
        return message.write(number(found, 1), number(found, 2), MessageHeader.MAX_MESSAGE_BYTES);
    }

    /** The document of a greeting or of its answer. */
    static BsonDocument document(String words) {
        return new RecordedValues(words.substring(words.indexOf('{'))).read().asDocument();
    }

    private static int number(Matcher found, int group) {
        return Integer.parseInt(found.group(group));
    }
}
