package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * The first 16 bytes of each message (wire protocol, "Standard Message Header").
 *
 * <pre>
 *   int32 messageLength | int32 requestID | int32 responseTo | int32 opCode
 * </pre>
 *
 * @param messageLength bytes of the whole message, these 16 included
 * @param requestId chosen by the sender of this message
 * @param responseTo the requestId that is answered; 0 in a request
 * @param opCode what follows, such as {@link OpMsg#OP_CODE}
 */
public record MessageHeader(int messageLength, int requestId, int responseTo, int opCode) {

    public static final int BYTES = 16;

    /** The largest message any server accepts (maxMessageSizeBytes of all versions so far). */
    public static final int MAX_MESSAGE_BYTES = 48_000_000;

    /** Where a message has its length, for the frame accumulator. */
    public static final LengthPrefix LENGTH_PREFIX =
            new LengthPrefix(0, true, LengthPrefix.Counts.FRAME, BYTES, 0, ProtocolException.Kind.FRAMING);

    /** Reads the header of a whole message. */
    public static MessageHeader read(Buffer frame) {
        ByteReader in = new ByteReader(frame, ProtocolException.Kind.FRAMING);
        return new MessageHeader(
                in.int32LE("messageLength"), in.int32LE("requestID"), in.int32LE("responseTo"), in.int32LE("opCode"));
    }

    void write(ByteWriter out) {
        out.int32LE(messageLength).int32LE(requestId).int32LE(responseTo).int32LE(opCode);
    }

    void write(OutputQueue out) {
        out.addIntLE(messageLength);
        out.addIntLE(requestId);
        out.addIntLE(responseTo);
        out.addIntLE(opCode);
    }
}
