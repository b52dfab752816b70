package dev.polywire.bolt.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a value whose type the connection's version does not have: {@code name, major, minor, extra}. From Bolt 6.0 on,
 * from servers only.
 *
 * @param name of the type
 * @param minMajor the first version that has it
 * @param minMinor the first version that has it
 * @param extra may have a {@code message}
 */
public record UnsupportedType(String name, int minMajor, int minMinor, Map<String, @Nullable Object> extra)
        implements BoltStructure {

    public static final int TAG = 0x3f;

    @Override
    public BoltVersion since() {
        return BoltVersion.V6_0;
    }

    @Override
    public void write(PackStreamWriter out) {
        out.structure(4, TAG).text(name).integer(minMajor).integer(minMinor).map(extra);
    }
}
