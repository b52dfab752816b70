package dev.polywire.framed.wire;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Tagged;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one CBOR item (RFC 8949) from Jackson's tokens. The parser calls every key a string and lets bad UTF-8 pass, so for
 * those this looks at the bytes themselves.
 */
final class CborReader {

    /** Tag of a set, IANA's registry of CBOR tags. */
    static final int SET_TAG = 258;

    private static final int NO_TAG = -1;
    /** References to strings: a peer of ours has no need of them, and they make a payload larger than it is. */
    private static final int STRINGREF_NAMESPACE_TAG = 256;
    /** "This is CBOR", RFC 8949 section 3.4.6: says nothing about the value. */
    private static final int SELF_DESCRIBED_TAG = 55_799;

    private static final int MAJOR_TYPE_SHIFT = 5;
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int TEXT = 3;
    private static final byte BREAK = (byte) 0xff;

    private final CBORParser parser;
    private final byte[] payload;
    private final ValueBudget budget;

    CborReader(CBORParser parser, byte[] payload, ValueBudget budget) {
        this.parser = parser;
        this.payload = payload;
        this.budget = budget;
    }

    @Nullable
    Object read() throws IOException {
        if (parser.nextToken() == null) {
            throw ProtocolException.decode("empty (expected: one item)");
        }
        Object value = value();
        if (parser.nextToken() != null) {
            throw ProtocolException.decode("more than one item (expected: one)");
        }
        return value;
    }

    private @Nullable Object value() throws IOException {
        int tag = tag();
        JsonToken token = parser.currentToken();
        if (tag == SET_TAG && token == JsonToken.START_ARRAY) {
            budget.spend(ValueBudget.OBJECT_BYTES);
            return new Distinct(items());
        }
        Object value = switch (token) {
            case START_ARRAY -> items();
            case START_OBJECT -> entries();
            case VALUE_STRING -> text(parser.getText());
            case VALUE_EMBEDDED_OBJECT -> bytes(parser.getEmbeddedObject());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> real();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw ProtocolException.decode("malformed");
        };
        budget.spend(ValueBudget.costBytes(value));
        if (tag == NO_TAG) {
            return value;
        }
        budget.spend(ValueBudget.OBJECT_BYTES);
        return new Tagged(tag, value);
    }

    private int tag() {
        CBORParser.TagList tags = parser.getCurrentTags();
        if (tags.isEmpty() || tags.size() == 1 && tags.getFirstTag() == SELF_DESCRIBED_TAG) {
            return NO_TAG;
        }
        if (tags.size() > 1 || tags.getFirstTag() < 0 || tags.contains(STRINGREF_NAMESPACE_TAG)) {
            throw ProtocolException.decode("tags: " + tags.size() + " before one item, or one that is not read"
                    + " (expected: one of 31 bits, not " + STRINGREF_NAMESPACE_TAG + ")");
        }
        return tags.getFirstTag();
    }

    private List<@Nullable Object> items() throws IOException {
        budget.spend(ValueBudget.LIST_BYTES);
        List<@Nullable Object> items = new ArrayList<>(0);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return items;
    }

    private Object entries() throws IOException {
        budget.spend(ValueBudget.OBJECT_BYTES);
        DictBuilder entries = new DictBuilder();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Object key = key();
            budget.spend(ValueBudget.ENTRY_BYTES + ValueBudget.costBytes(key));
            parser.nextToken();
            if (!entries.put(key, value())) {
                throw ProtocolException.decode("map: a key twice (expected: once)");
            }
        }
        return entries.value();
    }

    private Object key() throws IOException {
        int majorType = (payload[startByte()] & 0xff) >> MAJOR_TYPE_SHIFT;
        String name = parser.currentName();
        if (majorType == TEXT) {
            return text(name);
        } else if (majorType == UNSIGNED || majorType == NEGATIVE) {
            return ValueBudget.integer(new BigInteger(name));
        }
        throw ProtocolException.decode("key: major type " + majorType + " (expected: text or an integer)");
    }

    private Object integer() throws IOException {
        Number number = parser.getNumberValue();
        return number instanceof BigInteger big ? ValueBudget.integer(big) : (Object) number.longValue();
    }

    private Object real() throws IOException {
        return switch (parser.getNumberType()) {
            case FLOAT, DOUBLE -> parser.getDoubleValue();
            default -> throw ProtocolException.decode("a decimal fraction (expected: a float of 16, 32 or 64 bits)");
        };
    }

    private static Buffer bytes(@Nullable Object embedded) {
        if (embedded instanceof byte[] bytes) {
            return Buffer.buffer(bytes);
        }
        throw ProtocolException.decode("a simple value (expected: false, true, null or undefined)");
    }

    /** The parser takes overlong forms and surrogates; then what it read is not what stands there. */
    private String text(String read) {
        int end = (int) parser.currentLocation().getByteOffset();
        if (payload[end - 1] == BREAK) {
            return read;
        }
        byte[] utf8 = read.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > end || !Arrays.equals(utf8, 0, utf8.length, payload, end - utf8.length, end)) {
            throw ProtocolException.decode("text: not UTF-8");
        }
        return read;
    }

    private int startByte() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }
}
