package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;

/**
 * The payload of a header frame (AMQP 0-9-1, 2.3.5.2).
 *
 * <pre>
 *   00 3c  00 00  00 00 00 00 00 00 00 0b  94 40 ...      class, weight, body size, properties
 * </pre>
 *
 * @param classId 60: only {@code basic} has contents
 * @param bodySize bytes of the body; unsigned, so that absurd ones are negative
 */
record ContentHeader(int classId, long bodySize, BasicProperties properties) {

    static final int BASIC = 60;

    /** @throws ProtocolException DECODE when the properties are bad, FRAMING when the weight is not 0 */
    static ContentHeader read(AmqpReader in) {
        int classId = in.u16();
        int weight = in.u16();
        if (weight != 0) {
            throw ProtocolException.framing("weight: " + weight + " (expected: 0)");
        }
        long bodySize = in.u64();
        if (classId != BASIC) {
            // Another class would have other properties.
            return new ContentHeader(classId, bodySize, BasicProperties.NONE);
        }
        BasicProperties properties = BasicProperties.read(in);
        in.requireEnd();
        return new ContentHeader(classId, bodySize, properties);
    }

    void write(AmqpWriter out) {
        out.u16(classId).u16(0).u64(bodySize);
        properties.write(out);
    }
}
