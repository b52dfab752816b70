package dev.polywire.core.wire;

/** What a machine has received, until it is decoded. */
public interface Intake {

    /** The size of all buffers that are kept alive by received bytes. */
    long heldBytes();

    /** Caps the size of one message (frame, content): a longer one is LIMIT, whatever other limits allow. */
    void cap(int maxBytes);
}
