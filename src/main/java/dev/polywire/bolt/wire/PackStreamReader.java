package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.PackStream.DOUBLES;
import static dev.polywire.bolt.wire.PackStream.INTS;
import static dev.polywire.bolt.wire.PackStream.LONGS;
import static dev.polywire.bolt.wire.PackStream.SHORTS;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads values front to back, as objects ({@link #value}) or piece by piece without them ({@link #type}, then the method of
 * that type; of a list, map or structure first its header, then its elements).
 *
 * <p>An announced size must not exceed the remaining bytes: each element has at least one byte, so all sizes of a message
 * together are at most its bytes. Every failure is a {@link ProtocolException} DECODE and ends the use of the reader.
 */
public final class PackStreamReader {

    private static final long NOT_ASCII = 0x8080808080808080L;

    private final byte[] bytes;
    private final int end;
    private final ValueDialect dialect;
    /** Short, as a reader is made for each row. */
    private final short maxDepth;

    private short depth;
    private int elementsLeft;
    private int names;
    private int at;

    /** Reads {@code bytes} from {@code start} (inclusive) to {@code end} (exclusive). */
    PackStreamReader(byte[] bytes, int start, int end, ValueDialect dialect, BoltLimits limits) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.dialect = dialect;
        this.maxDepth = (short) limits.maxDepth();
        this.elementsLeft = Math.min(limits.maxElements(), end - start);
    }

    /** Reads all of {@code bytes}, a copy of them. */
    public PackStreamReader(Buffer bytes, ValueDialect dialect, BoltLimits limits) {
        this(bytes.getBytes(), 0, bytes.length(), dialect, limits);
    }

    int position() {
        return at;
    }

    /** How many values there were so far, with the one around them. @param bytes and limits: as when this was made */
    int valuesRead(int bytes, BoltLimits limits) {
        return 1 + Math.min(limits.maxElements(), bytes) - elementsLeft - names;
    }

    /** The type of the next value. */
    public PackStreamType type() {
        int marker = bytes[require(1)] & 0xff;
        PackStreamType type = PackStream.type(marker);
        if (type == null || type == PackStreamType.UUID && !dialect.version().hasUuid()) {
            throw bad(String.format("marker: %02X (expected: one of Bolt %s)", marker, dialect.version()));
        }
        return type;
    }

    /**
     * The next value: null, Boolean, Long, Double, String, {@link Buffer}, List, Map with String keys (the last of duplicate
     * keys counts), {@link UUID} or a {@link BoltStructure}.
     */
    public @Nullable Object value() {
        switch (type()) {
            case NULL:
                at++;
                return null;
            case BOOLEAN:
                return bool();
            case INTEGER:
                return integer();
            case FLOAT:
                return floating();
            case BYTES:
                return bytes();
            case STRING:
                return textThere();
            case LIST:
                return list();
            case MAP:
                return map();
            case STRUCTURE:
                return structure();
            case UUID:
                return uuid();
        }
        throw new IllegalStateException();
    }

    /** Checks and skips the next value. */
    public void skip() {
        switch (type()) {
            case NULL, BOOLEAN -> at++;
            case INTEGER -> integer();
            case FLOAT -> floating();
            case BYTES -> claim(size(PackStreamType.BYTES));
            case STRING -> skipText();
            case LIST -> {
                enter();
                for (int left = listHeader(); left > 0; left--) {
                    skip();
                }
                depth--;
            }
            case MAP -> {
                enter();
                for (int left = mapHeader(); left > 0; left--) {
                    skipText();
                    skip();
                }
                depth--;
            }
            case STRUCTURE -> structure();
            case UUID -> claim(17);
        }
    }

    /** Skips a null, if it is next. */
    public boolean nullValue() {
        boolean isNull = type() == PackStreamType.NULL;
        at += isNull ? 1 : 0;
        return isNull;
    }

    public boolean bool() {
        expect(PackStreamType.BOOLEAN);
        return (bytes[at++] & 0xff) == PackStream.TRUE;
    }

    public long integer() {
        byte marker = bytes[require(1)];
        if (marker >= -16) {
            at++;
            return marker;
        }
        expect(PackStreamType.INTEGER);
        return integerThere(marker);
    }

    private long integerThere(byte marker) {
        return switch (marker & 0xff) {
            case PackStream.INT_8 -> bytes[claim(2) + 1];
            case PackStream.INT_16 -> (short) SHORTS.get(bytes, claim(3) + 1);
            case PackStream.INT_32 -> (int) INTS.get(bytes, claim(5) + 1);
            default -> (long) LONGS.get(bytes, claim(9) + 1);
        };
    }

    /** An integer that 32 bits can hold. */
    public int int32() {
        long value = integer();
        if (value != (int) value) {
            throw bad("integer: " + value + " (expected: of 32 bits)");
        }
        return (int) value;
    }

    public double floating() {
        expect(PackStreamType.FLOAT);
        return (double) DOUBLES.get(bytes, claim(9) + 1);
    }

    /** Strict UTF-8. */
    public String text() {
        expect(PackStreamType.STRING);
        return textThere();
    }

    private String textThere() {
        int length = sizeThere();
        return text(claim(length), length);
    }

    /** The name of a zone. @throws DateTimeException when the dialect has known ones only, and this is none */
    String zone() {
        String zone = text();
        if (dialect.knownZones()) {
            Objects.requireNonNull(ZoneId.of(zone));
        }
        return zone;
    }

    /** A copy. */
    public Buffer bytes() {
        int length = size(PackStreamType.BYTES);
        int from = claim(length);
        return Buffer.buffer(length).appendBytes(bytes, from, length);
    }

    public UUID uuid() {
        expect(PackStreamType.UUID);
        int from = claim(17);
        return new UUID((long) LONGS.get(bytes, from + 1), (long) LONGS.get(bytes, from + 9));
    }

    /** A whole list, of fixed size; it belongs to the caller. */
    public List<@Nullable Object> list() {
        enter();
        int size = listHeader();
        @Nullable Object[] items = new @Nullable Object[size];
        for (int i = 0; i < size; i++) {
            items[i] = value();
        }
        depth--;
        return size == 0 ? Collections.emptyList() : Arrays.asList(items);
    }

    /** A whole list of strings only. */
    public List<String> texts() {
        int size = listHeader();
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(text());
        }
        return texts;
    }

    /** A whole map, in the order of the wire. */
    public Map<String, @Nullable Object> map() {
        enter();
        int size = mapHeader();
        Map<String, @Nullable Object> map =
                size == 0 ? Collections.emptyMap() : new LinkedHashMap<>((int) (size / 0.75) + 1);
        for (int i = 0; i < size; i++) {
            String key = text();
            map.put(key, value());
        }
        depth--;
        return map;
    }

    /** A whole structure. */
    public BoltStructure structure() {
        enter();
        int fields = structureHeader();
        BoltStructure structure = StructureReader.read(this, tag(), fields);
        depth--;
        return structure;
    }

    /** How many values follow. */
    public int listHeader() {
        return elements(size(PackStreamType.LIST), 1);
    }

    /** How many pairs of a string and a value follow. */
    public int mapHeader() {
        int size = elements(size(PackStreamType.MAP), 2);
        names += size;
        return size;
    }

    /** How many values follow the {@link #tag}. */
    public int structureHeader() {
        return elements(size(PackStreamType.STRUCTURE), 1);
    }

    /** The tag of the structure; read directly after its header. */
    public int tag() {
        return bytes[claim(1)] & 0xff;
    }

    /** Fails if any byte follows. */
    public void finish() {
        if (at != end) {
            throw bad("message: " + (end - at) + " bytes behind its end (expected: 0)");
        }
    }

    private void enter() {
        if (++depth > maxDepth) {
            throw bad("depth: more (expected: <= " + maxDepth + ")");
        }
    }

    static ProtocolException bad(String message) {
        return ProtocolException.decode(message);
    }

    void expect(PackStreamType expected) {
        PackStreamType type = type();
        if (type != expected) {
            throw bad("value: " + type + " (expected: " + expected + ")");
        }
    }

    /** The size of a string, list, map, structure or bytes; the marker's two low bits give the width of the size. */
    private int size(PackStreamType expected) {
        expect(expected);
        return sizeThere();
    }

    private int sizeThere() {
        int marker = bytes[at] & 0xff;
        if (marker < PackStream.NULL) {
            at++;
            return marker & 0x0f;
        }
        return switch (marker & 3) {
            case 0 -> bytes[claim(2) + 1] & 0xff;
            case 1 -> (short) SHORTS.get(bytes, claim(3) + 1) & 0xffff;
            default -> (int) INTS.get(bytes, claim(5) + 1);
        };
    }

    private int elements(int size, int each) {
        if (size < 0 || size > elementsLeft / each) {
            throw bad("size: " + Integer.toUnsignedString(size) + " (expected: <= " + elementsLeft / each + ")");
        }
        elementsLeft -= size * each;
        return size;
    }

    private int require(int count) {
        if (count < 0 || count > end - at) {
            throw bad("value: " + Integer.toUnsignedString(count) + " bytes (expected: <= " + (end - at) + ")");
        }
        return at;
    }

    private int claim(int count) {
        int from = require(count);
        at += count;
        return from;
    }

    private void skipText() {
        int length = size(PackStreamType.STRING);
        int from = claim(length);
        int i = from;
        while (at - i >= 8 && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
            i += 8;
        }
        while (i < at && bytes[i] >= 0) {
            i++;
        }
        if (i < at) {
            text(from, length);
        }
    }

    /** The JDK puts U+FFFD where bytes are malformed, so a text without it was well formed. */
    private String text(int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            } catch (CharacterCodingException malformed) {
                throw bad("string: not UTF-8");
            }
        }
        return text;
    }
}
