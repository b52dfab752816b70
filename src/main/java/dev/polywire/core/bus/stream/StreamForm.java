package dev.polywire.core.bus.stream;

/** How the items of a stream come: its opener says. */
public enum StreamForm {

    /** {@code {batch, items, done}}: items are JSON. */
    JSON,

    /**
     * A batch is one buffer: the protocol's own records, each of which says where it ends, one behind the other. Its number
     * and whether it is the last stand in the headers {@code batch} and {@code done}. Through a bridge the buffer is base64.
     */
    RAW
}
