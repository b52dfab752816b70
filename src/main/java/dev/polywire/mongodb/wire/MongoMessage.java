package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** The part after the header. The documents of a received message have passed {@link BsonBounds#check}. */
public sealed interface MongoMessage
        permits OpReply, OpUpdate, OpInsert, OpQuery, OpGetMore, OpDelete, OpKillCursors, OpCompressed, OpMsg {

    /** The number of this kind of message in the header. */
    int opCode();

    /** Whether an answer comes when it is sent as a request; never for {@link OpReply}. */
    boolean hasReply();

    /** Bytes of the whole message, header included; may exceed the maximum of a message. */
    long messageBytes();

    /** Appends the part after the header. */
    void writeBody(ByteWriter out);

    /**
     * Reads a whole message; its documents share memory with {@code frame}.
     *
     * @param header the header of {@code frame}
     * @param frame the whole message
     * @throws ProtocolException FRAMING when the message itself breaks the protocol or its kind is unknown, LIMIT for too
     *     many parts, DECODE when only a document in it is bad
     */
    static MongoMessage read(MessageHeader header, Buffer frame) {
        return switch (header.opCode()) {
            case OpReply.OP_CODE -> OpReply.read(frame);
            case OpUpdate.OP_CODE -> OpUpdate.read(frame);
            case OpInsert.OP_CODE -> OpInsert.read(frame);
            case OpQuery.OP_CODE -> OpQuery.read(frame);
            case OpGetMore.OP_CODE -> OpGetMore.read(frame);
            case OpDelete.OP_CODE -> OpDelete.read(frame);
            case OpKillCursors.OP_CODE -> OpKillCursors.read(frame);
            case OpCompressed.OP_CODE -> OpCompressed.read(frame);
            case OpMsg.OP_CODE -> OpMsg.read(frame);
            default ->
                throw ProtocolException.framing(
                        "opCode: " + header.opCode() + " (expected: 1, 2001, 2002, 2004 to 2007, 2012 or 2013)");
        };
    }

    /** A reader behind the header. */
    static ByteReader body(Buffer frame) {
        return new ByteReader(frame, MessageHeader.BYTES, frame.length(), ProtocolException.Kind.FRAMING);
    }

    /** Nothing may stand behind the last field. */
    static void requireRead(ByteReader in) {
        if (in.remaining() > 0) {
            throw in.bad("bytes behind the message: " + in.remaining() + " (expected: 0)");
        }
    }

    /** {@link #messageBytes}. @throws ProtocolException LIMIT above {@code limitBytes} */
    default int requireWithin(int limitBytes) {
        long length = messageBytes();
        if (length > limitBytes) {
            throw ProtocolException.limit("message length: " + length + " (expected: <= " + limitBytes + ")");
        }
        return (int) length;
    }

    /**
     * The whole message with its header.
     *
     * @param limitBytes its maximum
     * @throws ProtocolException LIMIT above that, before anything is allocated
     */
    default Buffer write(int requestId, int responseTo, int limitBytes) {
        int length = requireWithin(limitBytes);
        ByteWriter out = new ByteWriter(length, limitBytes);
        new MessageHeader(length, requestId, responseTo, opCode()).write(out);
        writeBody(out);
        return out.done();
    }

    /** The same as output of a connection. Documents may be shared until they are written. */
    default void write(OutputQueue out, int requestId, int limitBytes) {
        out.add(write(requestId, 0, limitBytes));
    }
}
