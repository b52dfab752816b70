package dev.polywire.bolt.wire;

/** The types of values. */
public enum PackStreamType {
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    BYTES,
    STRING,
    LIST,
    MAP,
    STRUCTURE,
    UUID
}
