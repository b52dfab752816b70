package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/**
 * The header before the content of each message when both sides use it, so that a reply finds its request. It is Polywire's
 * own: Smart Connection has none.
 *
 * <pre>
 *   | kind: uint8 | id: uint64, big endian | content |
 *     00            00 00 00 00 00 00 00 00  ...          a message
 *     01            00 00 00 00 00 00 00 07  ...          a request; its sender counts from 1
 *     02            00 00 00 00 00 00 00 07  ...          the reply to it
 *     03            00 00 00 00 00 00 00 07  6e 6f        it failed: "no", as UTF-8 whatever the codec
 * </pre>
 *
 * @param id of the request, unique among its sender's requests; the sender chooses all 64 bits. 0 with {@link Kind#MESSAGE}
 * @param content what the codec reads; may be empty
 */
public record FramedEnvelope(Kind kind, long id, Buffer content) {

    /** The bytes before the content. */
    public static final int HEADER_BYTES = 9;

    /** In the order of their numbers on the wire. */
    public enum Kind {
        MESSAGE,
        REQUEST,
        REPLY,
        FAILURE
    }

    private static final Kind[] KINDS = Kind.values();

    /** @throws ProtocolException DECODE: the message is lost, the connection continues */
    public static FramedEnvelope read(Buffer payload) {
        if (payload.length() < HEADER_BYTES) {
            throw ProtocolException.decode(
                    "envelope: " + payload.length() + " bytes (expected: >= " + HEADER_BYTES + ")");
        }
        int kind = payload.getUnsignedByte(0);
        if (kind >= KINDS.length) {
            throw ProtocolException.decode("envelope: kind " + kind + " (expected: 0 to " + (KINDS.length - 1) + ")");
        }
        long id = payload.getLong(1);
        if (kind == Kind.MESSAGE.ordinal() && id != 0) {
            throw ProtocolException.decode("envelope: id " + Long.toUnsignedString(id) + " (expected: 0 in a message)");
        }
        return new FramedEnvelope(KINDS[kind], id, payload.slice(HEADER_BYTES, payload.length()));
    }

    /** A message as a payload. */
    public static Buffer message(Buffer content) {
        return new FramedEnvelope(Kind.MESSAGE, 0, content).write();
    }

    /** A failure in place of a reply. @throws IllegalArgumentException when {@code why} has no UTF-8 */
    public static FramedEnvelope failure(long id, String why) {
        return new FramedEnvelope(Kind.FAILURE, id, Buffer.buffer(Utf8.encoded("reason", why)));
    }

    /** As a payload. */
    public Buffer write() {
        return Buffer.buffer(HEADER_BYTES + content.length())
                .appendByte((byte) kind.ordinal())
                .appendLong(id)
                .appendBuffer(content);
    }
}
