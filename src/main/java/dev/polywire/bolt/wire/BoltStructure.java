package dev.polywire.bolt.wire;

/**
 * A value with a tag and fields (Bolt specification, structure semantics). Constructors throw
 * {@link IllegalArgumentException} for values that the protocol or {@code java.time} cannot represent.
 */
public sealed interface BoltStructure permits GraphValue, TemporalValue, Point, Vector, UnsupportedType {

    /** Appends the value in the form of the writer's dialect, which has it. */
    void write(PackStreamWriter out);

    /** The first version that has it. */
    default BoltVersion since() {
        return BoltVersion.V1;
    }
}
