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

    /** A payload of this size shares its memory with its events: it is not much less than what it is itself a part of. */
    private static final int SHARED_FROM_BYTES = 64 * 1024;

    /** A slice cannot grow, so that it can be shared. */
    private static final Buffer NOTHING = Buffer.buffer().slice();

    private final PayloadReader in;
    private final Buffer payload;
    private int at;
    private int end;
    private int tag;
    private int depth;
    private int fields;

    private @Nullable RecordTexts eventTexts;
    private @Nullable RecordTexts linkTexts;

    ProtobufReader(PayloadReader in) {
        this.in = in;
        this.payload = in.payload();
        this.end = payload.length();
    }

    /**
     * Goes to the next field of the message; false: there is none.
     *
     * @throws ProtocolException DECODE when there were more than the bytes before it allow: what is made of them stays small
     */
    boolean next() {
        if (at == end) {
            return false;
        }
        tag = (int) varint();
        if (WireFormat.getTagFieldNumber(tag) == 0) {
            throw in.malformed(payload.length());
        }
        if (depth == 0 && ++fields > PayloadReader.mostFields(at)) {
            throw in.tooManyFields(PayloadReader.mostFields(at), at);
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

    /** Those of the events of this payload. */
    RecordTexts eventTexts() {
        if (eventTexts == null) {
            eventTexts = new RecordTexts();
        }
        return eventTexts;
    }

    /** Those of its links. */
    RecordTexts linkTexts() {
        if (linkTexts == null) {
            linkTexts = new RecordTexts();
        }
        return linkTexts;
    }

    /** Whether the same bytes are in two places. */
    boolean isSame(long span, long other) {
        int length = length(span);
        if (length != length(other)) {
            return false;
        }
        int one = from(span);
        int two = from(other);
        int i = 0;
        for (; length - i >= Long.BYTES; i += Long.BYTES) {
            if (payload.getLong(one + i) != payload.getLong(two + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (payload.getByte(one + i) != payload.getByte(two + i)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the message; not copied, if the payload is large. */
    Buffer bytes(long span) {
        int length = length(span);
        int from = from(span);
        if (length == 0) {
            return NOTHING;
        }
        return payload.length() >= SHARED_FROM_BYTES
                ? payload.slice(from, from + length)
                : Buffer.buffer(length).appendBuffer(payload, from, length);
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
        byte first = at < end ? payload.getByte(at) : -1;
        if (first >= 0) {
            at++;
            return first;
        }
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
