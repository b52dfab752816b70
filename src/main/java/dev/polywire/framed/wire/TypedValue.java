package dev.polywire.framed.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that peers tell apart and that Java's lists and maps do not. A peer chose their size, so nothing here hashes. */
public sealed interface TypedValue {

    /** Python's {@code tuple}. */
    record Tuple(List<@Nullable Object> items) implements TypedValue {}

    /** A set, in the order in which it came; what its writer put in twice stands in it twice. */
    record Distinct(List<@Nullable Object> items) implements TypedValue {}

    /** A dictionary with other keys than strings, in its order; what its writer put in twice stands in it twice. */
    record Pairs(List<Map.Entry<@Nullable Object, @Nullable Object>> entries) implements TypedValue {}

    /**
     * CBOR's tagged value (RFC 8949 section 3.4), of a tag that has no type of its own here.
     *
     * @param tag 0 to 2^63 - 1
     */
    record Tagged(long tag, @Nullable Object value) implements TypedValue {}
}
