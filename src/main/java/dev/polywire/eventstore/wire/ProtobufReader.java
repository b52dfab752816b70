package dev.polywire.eventstore.wire;

import com.google.protobuf.WireFormat;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a protobuf message as they stand in its payload, for the messages of which there are millions: those with events.
 * Nothing is made for a field but what its message keeps.
 *
 * <pre>{@code
 *   while (in.next()) {
 *       switch (in.tag()) {
 *           case 0x08 -> result = in.int32();       // a tag is the field's number and, in three bits, its wire type
 *           default -> in.skip();                   // nobody knows it
 *       }
 *   }
 * }</pre>
 *
 * <p>A text or bytes are a span until the message is read: where they are, {@link #ABSENT} or 0 when they are not there. The last
 * one counts, as in any protobuf message.
 */
final class ProtobufReader {

    /** A span that is none. */
    static final long ABSENT = -1;

    private static final int MAX_VARINT_BITS = 70;

    private final PayloadReader in;
    private final Buffer payload;
    private int at;
    private int end;
    private int tag;
    private int depth;
    /** Fields that the message may still have while they are counted. */
    private int fieldsLeft;

    /** @throws ProtocolException DECODE when it has too many fields: before anything is made of them */
    ProtobufReader(PayloadReader in) {
        this.in = in;
        this.payload = in.payload();
        this.end = payload.length();
        this.fieldsLeft = PayloadReader.mostFields(end);
        while (next()) {
            skip();
        }
        this.at = 0;
        this.fieldsLeft = Integer.MAX_VALUE;
    }

    /** Goes to the next field of the message; false: there is none. */
    boolean next() {
        if (at == end) {
            return false;
        }
        tag = (int) varint();
        if (WireFormat.getTagFieldNumber(tag) == 0) {
            throw in.malformed(payload.length());
        }
        if (depth == 0 && --fieldsLeft < 0) {
            throw in.tooManyFields(PayloadReader.mostFields(payload.length()), payload.length());
        }
        return true;
    }

    int tag() {
        return tag;
    }

    /** The value of this field. */
    long int64() {
        return varint();
    }

    int int32() {
        return (int) varint();
    }

    boolean flag() {
        return varint() != 0;
    }

    /** Where the value of this field is. */
    long span() {
        int length = length();
        long span = (long) at << Integer.SIZE | length;
        at += length;
        return span;
    }

    /** Goes into the message that is the value of this field. @return what {@link #leave} needs */
    int enter() {
        int length = length();
        int outer = end;
        end = at + length;
        depth++;
        return outer;
    }

    /** Goes back, behind that message, whose fields are read. */
    void leave(int outer) {
        end = outer;
        depth--;
    }

    /** Passes over a field that nobody knows. */
    void skip() {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> pass(Long.BYTES);
            case WireFormat.WIRETYPE_FIXED32 -> pass(Integer.BYTES);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> pass(length());
            case WireFormat.WIRETYPE_START_GROUP -> skipGroup(WireFormat.getTagFieldNumber(tag), depth + 1);
            default -> throw in.malformed(payload.length());
        }
    }

    private void skipGroup(int number, int nesting) {
        if (nesting > PayloadReader.MAX_DEPTH) {
            throw in.tooDeep();
        }
        while (next()) {
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_START_GROUP -> skipGroup(WireFormat.getTagFieldNumber(tag), nesting + 1);
                case WireFormat.WIRETYPE_END_GROUP -> {
                    if (WireFormat.getTagFieldNumber(tag) != number) {
                        throw in.malformed(payload.length());
                    }
                    return;
                }
                default -> skip();
            }
        }
        throw in.malformed(payload.length());
    }

    /** A text of the message. @param name of the field, in the protocol */
    String text(String name, long span) {
        int from = from(span);
        int to = from + length(span);
        if (!Utf8.isWellFormed(payload, from, to)) {
            throw in.bad(name + ": not UTF-8");
        }
        return payload.getString(from, to);
    }

    /** The same, null when it is absent. */
    @Nullable
    String textOrNull(String name, long span) {
        return span == ABSENT ? null : text(name, span);
    }

    /** The same text as that of the message before, if it is the same: neighbours are mostly of one stream, or of one type. */
    String text(String name, long span, @Nullable String before) {
        return before != null && isAscii(before, span) ? before : text(name, span);
    }

    /** Never true for bytes beyond ASCII: they are negative. */
    private boolean isAscii(String text, long span) {
        int from = from(span);
        int length = length(span);
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != payload.getByte(from + i)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the message, copied. */
    Buffer bytes(long span) {
        int length = length(span);
        return Buffer.buffer(length).appendBuffer(payload, from(span), length);
    }

    /** The id of an event. @throws ProtocolException DECODE when it has not 16 bytes */
    UUID eventId(long span) {
        return DotNetGuid.read(payload, from(span), length(span));
    }

    private static int from(long span) {
        return (int) (span >>> Integer.SIZE);
    }

    private static int length(long span) {
        return (int) span;
    }

    /** That of the value of this field, which is there. */
    private int length() {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw in.malformed(payload.length());
        }
        return (int) length;
    }

    private void pass(int bytes) {
        if (bytes > end - at) {
            throw in.malformed(payload.length());
        }
        at += bytes;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < MAX_VARINT_BITS && at < end; shift += 7) {
            byte next = payload.getByte(at++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw in.malformed(payload.length());
    }
}
