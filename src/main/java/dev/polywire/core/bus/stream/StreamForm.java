package dev.polywire.core.bus.stream;

/** The form of a stream's items, chosen by the caller that opens the stream. */
public enum StreamForm {

    /** {@code {batch, items, done, resume}}: items are JSON. */
    JSON,

    /**
     * A batch is one buffer with the protocol's own records, one after the other; each record shows where it ends. The
     * headers {@code batch} and {@code done} have its number and whether it is the last, {@code resume} has its resume point as
     * JSON text, if there is one. A bridge sends it as base64.
     */
    RAW
}
