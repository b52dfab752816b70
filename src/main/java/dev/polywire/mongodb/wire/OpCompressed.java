package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * Another message, compressed (OP_COMPRESSED specification). {@link MongoMessage#read} leaves it as it is; {@link #inflate}
 * opens it.
 *
 * <pre>
 *   header | int32 originalOpcode | int32 uncompressedSize | uint8 compressorId | bytes
 * </pre>
 *
 * @param originalOpCode of the message inside; not this one's own
 * @param uncompressedBytes of the message inside, without its header
 * @param compressorId 0 to 255; {@link Compressor#id}
 */
public record OpCompressed(int originalOpCode, int uncompressedBytes, int compressorId, Buffer data)
        implements MongoMessage {

    public static final int OP_CODE = 2012;

    private static final int FIELDS_BYTES = 4 + 4 + 1;

    public OpCompressed {
        if (originalOpCode == OP_CODE) {
            throw ProtocolException.framing("originalOpcode: " + OP_CODE + " (expected: another)");
        }
        if (uncompressedBytes < 0) {
            throw ProtocolException.framing("uncompressedSize: " + uncompressedBytes + " (expected: >= 0)");
        }
        if (compressorId < 0 || compressorId > 255) {
            throw ProtocolException.framing("compressorId: " + compressorId + " (expected: 0 to 255)");
        }
    }

    /**
     * A message made smaller.
     *
     * @param frame the whole message
     */
    public static OpCompressed of(Buffer frame, Compressor compressor) {
        Buffer body = frame.slice(MessageHeader.BYTES, frame.length());
        return new OpCompressed(
                MessageHeader.read(frame).opCode(), body.length(), compressor.id(), compressor.compress(body));
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    /** By the number of the message inside alone: one that says {@code moreToCome} has none in spite of true. */
    @Override
    public boolean hasReply() {
        return originalOpCode == OpMsg.OP_CODE
                || originalOpCode == OpQuery.OP_CODE
                || originalOpCode == OpGetMore.OP_CODE;
    }

    static OpCompressed read(Buffer frame) {
        ByteReader in = MongoMessage.body(frame);
        int originalOpCode = in.int32LE("originalOpcode");
        int uncompressedBytes = in.int32LE("uncompressedSize");
        int compressorId = in.u8("compressorId");
        return new OpCompressed(originalOpCode, uncompressedBytes, compressorId, in.slice(in.remaining(), "data"));
    }

    /**
     * The whole message inside, with the ids of {@code header}, as it was before it was compressed.
     *
     * @param header of this message
     * @param compressor the one with {@link #compressorId}
     * @param limitBytes the most that the message inside may have, its header included
     * @throws ProtocolException LIMIT above that, before anything is allocated; FRAMING when the data are not exactly
     *     {@link #uncompressedBytes} of this compressor
     */
    public Buffer inflate(MessageHeader header, Compressor compressor, int limitBytes) {
        if (compressor.id() != compressorId) {
            throw new IllegalArgumentException(compressor.name() + " for the compressor with id " + compressorId);
        }
        if (uncompressedBytes > limitBytes - MessageHeader.BYTES) {
            throw ProtocolException.limit("uncompressedSize: " + uncompressedBytes + " (expected: <= "
                    + (limitBytes - MessageHeader.BYTES) + ")");
        }
        Buffer body = compressor.decompress(data, uncompressedBytes);
        if (body.length() != uncompressedBytes) {
            throw ProtocolException.framing(
                    "uncompressedSize: " + uncompressedBytes + " (expected: " + body.length() + ")");
        }
        int length = MessageHeader.BYTES + uncompressedBytes;
        ByteWriter out = new ByteWriter(length, length);
        new MessageHeader(length, header.requestId(), header.responseTo(), originalOpCode).write(out);
        return out.bytes(body).done();
    }

    @Override
    public long messageBytes() {
        return MessageHeader.BYTES + (long) FIELDS_BYTES + data.length();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(originalOpCode).int32LE(uncompressedBytes).u8(compressorId).bytes(data);
    }

    /** Without the data. */
    @Override
    public String toString() {
        return "OP_COMPRESSED [originalOpCode=" + originalOpCode + ", uncompressedBytes=" + uncompressedBytes
                + ", compressorId=" + compressorId + ", bytes=" + data.length() + "]";
    }
}
