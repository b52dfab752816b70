package dev.polywire.bolt.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result: a PackStream list that was checked and not decoded. {@link #values} decodes it into objects,
 * {@link #reader} reads it piece by piece, {@link #raw} copies it unchanged; none of them fails.
 *
 * <p>It shares the array of bytes it arrived in, up to 64 KiB with its neighbours: code that keeps a few of many rows copies
 * them ({@link #copy}).
 */
public final class BoltRecord {

    /** {@code RECORD [values]} */
    public static final int TAG = 0x71;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final ValueDialect dialect;
    private final BoltLimits limits;

    private BoltRecord(byte[] bytes, int start, int end, ValueDialect dialect, BoltLimits limits) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.dialect = dialect;
        this.limits = limits;
    }

    /**
     * Checks a list.
     *
     * @throws dev.polywire.core.wire.ProtocolException DECODE when it is not a readable list
     */
    static BoltRecord read(byte[] bytes, int start, int end, ValueDialect dialect, BoltLimits limits) {
        PackStreamReader in = new PackStreamReader(bytes, start, end, dialect, limits);
        in.expect(PackStreamType.LIST);
        in.skip();
        in.finish();
        return new BoltRecord(bytes, start, end, dialect, limits);
    }

    /** The number of its values. */
    public int size() {
        return packed().listHeader();
    }

    /** Its values, in the form of {@link PackStreamReader#value}. */
    public List<@Nullable Object> values() {
        return packed().list();
    }

    /** A reader before the first of its {@link #size} values. */
    public PackStreamReader reader() {
        PackStreamReader in = packed();
        in.listHeader();
        return in;
    }

    /** The list in PackStream, a copy; the bytes show where it ends. */
    public Buffer raw() {
        return Buffer.buffer(end - start).appendBytes(bytes, start, end - start);
    }

    /** Bytes of the list in PackStream. */
    public int rawBytes() {
        return end - start;
    }

    /** How many of its values {@code reader} has read, at all depths: with {@link #rawBytes} a measure of their memory. */
    public int valuesRead(PackStreamReader reader) {
        return reader.valuesRead(rawBytes(), limits);
    }

    /** Appends the list in PackStream. */
    public void appendTo(Buffer to) {
        to.appendBytes(bytes, start, end - start);
    }

    /** The same without its neighbours. */
    public BoltRecord copy() {
        return new BoltRecord(Arrays.copyOfRange(bytes, start, end), 0, end - start, dialect, limits);
    }

    void write(PackStreamWriter out) {
        out.structure(1, TAG).raw(bytes, start, end - start);
    }

    /** Without its values. */
    @Override
    public String toString() {
        return "BoltRecord[rawBytes=" + rawBytes() + "]";
    }

    private PackStreamReader packed() {
        return new PackStreamReader(bytes, start, end, dialect, limits);
    }
}
