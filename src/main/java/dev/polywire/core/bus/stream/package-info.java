/**
 * Streams that are pulled: a protocol gives a {@link dev.polywire.core.bus.stream.StreamSource}, which
 * {@link dev.polywire.core.bus.stream.Streams} serves as {@link dev.polywire.core.bus.stream.StreamService}, to readers like
 * {@link dev.polywire.core.bus.stream.StreamReader}. How many there are is public for the connector's status.
 */
@NullMarked
package dev.polywire.core.bus.stream;

import org.jspecify.annotations.NullMarked;
