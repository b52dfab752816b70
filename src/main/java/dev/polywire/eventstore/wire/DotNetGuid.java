package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * An id as .NET writes it: the first three groups little endian.
 *
 * <pre>
 *   c181659f-800b-4b58-a85d-5fd3fdc523b9      the text
 *   9f6581c1 0b80 584b a85d 5fd3fdc523b9      the bytes
 * </pre>
 */
public final class DotNetGuid {

    static final int BYTES = 16;

    private DotNetGuid() {}

    /** The id in the 16 bytes from {@code at}, which must be there. */
    static UUID read(Buffer bytes, int at) {
        long high = (bytes.getUnsignedIntLE(at) << 32)
                | ((long) bytes.getUnsignedShortLE(at + 4) << 16)
                | bytes.getUnsignedShortLE(at + 6);
        return new UUID(high, bytes.getLong(at + 8));
    }

    /**
     * The id of an event, as a record holds it.
     *
     * @throws ProtocolException DECODE when it has not 16 bytes
     */
    public static UUID read(Buffer id) {
        return read(id, 0, id.length());
    }

    /** The same in the {@code length} bytes from {@code at}. */
    static UUID read(Buffer bytes, int at, int length) {
        if (length != BYTES) {
            throw ProtocolException.decode("event id: " + length + " bytes (expected: " + BYTES + ")");
        }
        return read(bytes, at);
    }

    /** The 16 bytes of an id. */
    public static Buffer bytes(UUID id) {
        return append(Buffer.buffer(BYTES), id);
    }

    /** Writes the id in the 16 bytes from {@code at}. */
    static void set(Buffer to, int at, UUID id) {
        long high = id.getMostSignificantBits();
        to.setIntLE(at, (int) (high >>> 32))
                .setShortLE(at + 4, (short) (high >>> 16))
                .setShortLE(at + 6, (short) high)
                .setLong(at + 8, id.getLeastSignificantBits());
    }

    static Buffer append(Buffer to, UUID id) {
        long high = id.getMostSignificantBits();
        return to.appendIntLE((int) (high >>> 32))
                .appendShortLE((short) (high >>> 16))
                .appendShortLE((short) high)
                .appendLong(id.getLeastSignificantBits());
    }
}
