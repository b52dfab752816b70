package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What a machine has to send, until it is taken. */
public interface Output {

    /** The next buffer to write, or null. Small pieces come out joined. */
    @Nullable
    Buffer take();

    /** Bytes that {@link #take} has still to give. */
    long bytes();

    /** A buffer that {@link #take} gave is of no use to anybody any more: its memory may be used again. */
    default void written(Buffer bytes) {}
}
