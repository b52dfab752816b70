package dev.polywire.framed.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that peers distinguish and that Java's lists and maps do not. A peer chose their size, so nothing here hashes. */
public sealed interface TypedValue {

    /** Python's {@code tuple}. */
    record Tuple(List<@Nullable Object> items) implements TypedValue {}

    /** A set, in its order on the wire; an element that the peer wrote twice is kept twice. */
    record Distinct(List<@Nullable Object> items) implements TypedValue {}

    /** A dictionary with keys other than strings, in its order; a key that the peer wrote twice is kept twice. */
    record Pairs(List<Map.Entry<@Nullable Object, @Nullable Object>> entries) implements TypedValue {}

    /**
     * CBOR's tagged value (RFC 8949 section 3.4), with a tag that has no type of its own here.
     *
     * @param tag 0 to 2^63 - 1
     */
    record Tagged(long tag, @Nullable Object value) implements TypedValue {}
}
