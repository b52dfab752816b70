package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A machine's output, until it is taken. */
public interface Output {

    /** The next buffer to write, or null. Small pieces are joined. */
    @Nullable
    Buffer take();

    /** Bytes of output that remain. */
    long bytes();

    /** A buffer of at most 64 KiB from {@link #take} is no longer in use: its memory may be reused. */
    default void written(Buffer bytes) {}
}
