package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** The part after the header. The documents of a received message have passed {@link BsonBounds#check}. */
public sealed interface MongoMessage permits OpMsg, OpQuery, OpReply {

    /** The number of this kind of message in the header. */
    int opCode();

    /** Bytes of the whole message, header included; may exceed the maximum of a message. */
    long messageBytes();

    /** Appends the part after the header. */
    void writeBody(ByteWriter out);

    /**
     * Reads a whole message; its documents share memory with {@code frame}.
     *
     * @param header the header of {@code frame}
     * @param frame the whole message
     * @throws ProtocolException FRAMING when the message itself breaks the protocol or its kind is unknown, DECODE when
     *     only a document in it is bad
     */
    static MongoMessage read(MessageHeader header, Buffer frame) {
        return switch (header.opCode()) {
            case OpMsg.OP_CODE -> OpMsg.read(frame);
            case OpQuery.OP_CODE -> OpQuery.read(frame);
            case OpReply.OP_CODE -> OpReply.read(frame);
            default -> throw ProtocolException.framing("opCode: " + header.opCode() + " (expected: 2013, 2004 or 1)");
        };
    }

    /**
     * The whole message with its header.
     *
     * @param limitBytes its maximum
     * @throws ProtocolException LIMIT above that, before anything is allocated
     */
    default Buffer write(int requestId, int responseTo, int limitBytes) {
        long length = messageBytes();
        if (length > limitBytes) {
            throw ProtocolException.limit("message length: " + length + " (expected: <= " + limitBytes + ")");
        }
        ByteWriter out = new ByteWriter((int) length, limitBytes);
        new MessageHeader((int) length, requestId, responseTo, opCode()).write(out);
        writeBody(out);
        return out.done();
    }
}
