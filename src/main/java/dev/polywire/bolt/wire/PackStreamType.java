package dev.polywire.bolt.wire;

/** What a value is. */
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
