package dev.polywire.eventstore.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The payload of one package, as a protobuf message or as it is. Whatever is wrong with it is DECODE: the operation fails, the
 * connection continues.
 *
 * <p>An empty element of a list has two bytes on the wire and many in memory. Fields are therefore counted before the message
 * is built; those that we do not know take no memory.
 */
final class PayloadReader {

    /** Fields that any message may have; beyond, each needs {@link #BYTES_PER_FIELD}, as the smallest event and id have. */
    static final int FREE_FIELDS = 1_024;

    static final int BYTES_PER_FIELD = 16;

    /** Groups in each other; we know none. The messages that we know have three levels. */
    static final int MAX_DEPTH = 100;

    private final TcpCommand command;
    private final Buffer payload;

    PayloadReader(TcpCommand command, Buffer payload) {
        this.command = command;
        this.payload = payload;
    }

    /** The payload itself, for a command without a protobuf message. */
    Buffer payload() {
        return payload;
    }

    /** The fields of the payload, one by one. */
    ProtobufReader fields() {
        return new ProtobufReader(this);
    }

    /** What servers say to people: bytes that are not UTF-8 are replaced. */
    String lenientText() {
        return payload.toString();
    }

    /** Which way a command reads that exists twice. */
    ReadDirection direction() {
        return switch (command) {
            case READ_STREAM_EVENTS_BACKWARD,
                    READ_STREAM_EVENTS_BACKWARD_COMPLETED,
                    READ_ALL_EVENTS_BACKWARD,
                    READ_ALL_EVENTS_BACKWARD_COMPLETED,
                    FILTERED_READ_ALL_EVENTS_BACKWARD,
                    FILTERED_READ_ALL_EVENTS_BACKWARD_COMPLETED -> ReadDirection.BACKWARD;
            default -> ReadDirection.FORWARD;
        };
    }

    <M extends Message> M message(Parser<M> parser) {
        return message(UnsafeByteOperations.unsafeWrap(payload.getBytes()), parser);
    }

    <M extends Message> M message(ByteString bytes, Parser<M> parser) {
        try {
            requireFewFields(bytes);
            CodedInputStream in = bytes.newCodedInput();
            in.enableAliasing(true);
            in.setRecursionLimit(MAX_DEPTH);
            M message = DiscardUnknownFieldsParser.wrap(parser).parseFrom(in);
            in.checkLastTagWas(0);
            return message;
        } catch (IOException malformed) {
            // Its message is the library's, which may change, and may come to repeat what it read.
            throw malformed(bytes.size());
        }
    }

    /** Walks over the fields of the outermost message, and over those of its groups. */
    private void requireFewFields(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        int most = mostFields(bytes.size());
        int fields = 0;
        int depth = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (++fields > most) {
                throw tooManyFields(most, bytes.size());
            }
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_START_GROUP -> depth++;
                case WireFormat.WIRETYPE_END_GROUP -> depth--;
                default -> in.skipField(tag);
            }
            if (depth > MAX_DEPTH) {
                throw tooDeep();
            }
        }
    }

    /** A text of the message. @param name of the field, in the protocol */
    String text(String name, ByteString utf8) {
        if (!utf8.isValidUtf8()) {
            throw bad(name + ": not UTF-8");
        }
        return utf8.toStringUtf8();
    }

    @Nullable
    String text(String name, boolean present, ByteString utf8) {
        return present ? text(name, utf8) : null;
    }

    List<String> texts(String name, List<ByteString> all) {
        return all.stream().map(utf8 -> text(name, utf8)).toList();
    }

    static Buffer bytes(ByteString bytes) {
        return Buffer.buffer(bytes.toByteArray());
    }

    static List<Buffer> bytes(List<ByteString> all) {
        return all.stream().map(PayloadReader::bytes).toList();
    }

    /** The value with this number, of an enum whose values stand in the order of their numbers, from 0. */
    <E extends Enum<E>> E value(String name, E[] all, int number) {
        if (number < 0 || number >= all.length) {
            throw bad(name + ": " + number + " (expected: 0 to " + (all.length - 1) + ")");
        }
        return all[number];
    }

    /** How many fields a message of this size may have. */
    static int mostFields(int bytes) {
        return FREE_FIELDS + bytes / BYTES_PER_FIELD;
    }

    ProtocolException malformed(int bytes) {
        return bad("payload: " + bytes + " bytes that are no protobuf message (expected: one)");
    }

    ProtocolException tooManyFields(int most, int bytes) {
        return bad("fields: more (expected: <= " + most + " in " + bytes + " bytes)");
    }

    ProtocolException tooDeep() {
        return bad("groups: nested deeper (expected: <= " + MAX_DEPTH + ")");
    }

    ProtocolException bad(String message) {
        return ProtocolException.decode(command.protocolName() + ": " + message);
    }
}
