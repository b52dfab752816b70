package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;

/**
 * The first bytes of a client, and the answer of a server that does not support its version (AMQP 0-9-1, 4.2.2).
 *
 * <pre>
 *   41 4d 51 50  00  00 09 01      "AMQP", 0, version 0-9-1
 * </pre>
 *
 * @param id 0; 3 in AMQP 1.0 for SASL
 */
record ProtocolHeader(int id, int major, int minor, int revision) {

    static final int BYTES = 8;
    /** The first letter; no frame begins with it. */
    static final int FIRST = 'A';

    static final ProtocolHeader V0_9_1 = new ProtocolHeader(0, 0, 9, 1);

    private static final int AMQP = 0x414d5150;

    ProtocolHeader {
        Limits.range("id", id, 0, 0xff);
        Limits.range("major", major, 0, 0xff);
        Limits.range("minor", minor, 0, 0xff);
        Limits.range("revision", revision, 0, 0xff);
    }

    /** @throws ProtocolException FRAMING when the bytes are not a protocol header */
    static ProtocolHeader read(Buffer bytes) {
        if (bytes.getInt(0) != AMQP) {
            throw ProtocolException.framing("protocol: begins with "
                    + HexFormat.of().toHexDigits(bytes.getInt(0)) + " (expected: 414d5150, AMQP)");
        }
        return new ProtocolHeader(
                bytes.getUnsignedByte(4), bytes.getUnsignedByte(5), bytes.getUnsignedByte(6), bytes.getUnsignedByte(7));
    }

    Buffer write() {
        return Buffer.buffer(BYTES)
                .appendInt(AMQP)
                .appendBytes(new byte[] {(byte) id, (byte) major, (byte) minor, (byte) revision});
    }

    @Override
    public String toString() {
        return "AMQP " + id + "-" + major + "-" + minor + "-" + revision;
    }
}
