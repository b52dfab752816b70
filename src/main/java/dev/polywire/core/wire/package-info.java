/**
 * Pure bytes: machines, frames, bounded reading and writing. Nothing here knows a socket, a clock, a thread or a logger;
 * time is an argument. Start with {@link dev.polywire.core.wire.Machine}.
 */
@NullMarked
package dev.polywire.core.wire;

import org.jspecify.annotations.NullMarked;
