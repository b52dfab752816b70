/**
 * Bytes only: machines, frames, bounded reading and writing. This package uses no socket, clock, thread or logger;
 * time is an argument. Start with {@link dev.polywire.core.wire.Machine}.
 */
@NullMarked
package dev.polywire.core.wire;

import org.jspecify.annotations.NullMarked;
