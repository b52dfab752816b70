package dev.polywire.core.bus.stream;

/** The form of a stream's items, chosen by the caller that opens the stream. */
public enum StreamForm {

    /** {@code {batch, items, done}}: items are JSON. */
    JSON,

    /**
     * A batch is one buffer with the protocol's own records, one after the other; each record shows where it ends. The
     * batch's number and whether it is the last are in the headers {@code batch} and {@code done}. A bridge sends it as
     * base64.
     */
    RAW
}
