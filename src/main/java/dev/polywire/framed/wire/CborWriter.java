package dev.polywire.framed.wire;

import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tagged;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes one CBOR item (RFC 8949), lengths in front: what every reader takes. */
final class CborWriter {

    private final CBORGenerator out;

    CborWriter(CBORGenerator out) {
        this.out = out;
    }

    /** @throws IllegalArgumentException when CBOR, or its library, has no such value */
    void write(@Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof String text) {
            out.writeString(text(text));
        } else if (value instanceof Buffer bytes) {
            out.writeBinary(bytes.getBytes());
        } else if (value instanceof byte[] bytes) {
            out.writeBinary(bytes);
        } else if (value instanceof Number number) {
            number(number);
        } else {
            container(value);
        }
    }

    private void number(Number number) throws IOException {
        if (number instanceof Double || number instanceof Float) {
            out.writeNumber(number.doubleValue());
        } else if (number instanceof BigInteger big) {
            if (big.bitLength() > ValueBudget.MAX_INTEGER_BITS) {
                throw new IllegalArgumentException("an integer of more than " + ValueBudget.MAX_INTEGER_BITS + " bits");
            }
            out.writeNumber(big);
        } else if (isSmall(number)) {
            out.writeNumber(number.longValue());
        } else {
            throw new IllegalArgumentException(
                    number.getClass().getSimpleName() + " (expected: an integer or a double)");
        }
    }

    private void container(Object value) throws IOException {
        if (value instanceof Distinct set) {
            set(set.items());
        } else if (value instanceof Set<?> set) {
            set(set);
        } else if (value instanceof Collection<?> list) {
            items(list);
        } else if (value instanceof Pairs map) {
            entries(map.entries());
        } else if (value instanceof Map<?, ?> map) {
            entries(map.entrySet());
        } else if (value instanceof Tagged tagged) {
            out.writeTag(tagged.tag());
            write(tagged.value());
        } else {
            throw new IllegalArgumentException(value.getClass().getSimpleName() + " (expected: a value that CBOR has)");
        }
    }

    private void set(Collection<?> items) throws IOException {
        out.writeTag(CborReader.SET_TAG);
        items(items);
    }

    private void items(Collection<?> items) throws IOException {
        out.writeStartArray(null, items.size());
        for (Object item : items) {
            write(item);
        }
        out.writeEndArray();
    }

    private void entries(Collection<? extends Map.Entry<?, ?>> entries) throws IOException {
        out.writeStartObject(null, entries.size());
        for (Map.Entry<?, ?> entry : entries) {
            if (entry.getKey() instanceof String name) {
                out.writeFieldName(text(name));
            } else if (isSmall(entry.getKey())) {
                out.writeFieldId(((Number) entry.getKey()).longValue());
            } else {
                throw new IllegalArgumentException("a key that is neither text nor an integer of 64 bits");
            }
            write(entry.getValue());
        }
        out.writeEndObject();
    }

    private static boolean isSmall(@Nullable Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    private static String text(String text) {
        Utf8Codec.utf8(text);
        return text;
    }
}
