package dev.polywire.bolt.wire;

/**
 * A value with a tag and fields (Bolt specification, structure semantics). Constructors throw
 * {@link IllegalArgumentException} for what the protocol or {@code java.time} cannot say.
 */
public sealed interface BoltStructure permits GraphValue, TemporalValue, Point, Vector, UnsupportedType {

    /** Appends it, as the writer's dialect has it. */
    void write(PackStreamWriter out);
}
