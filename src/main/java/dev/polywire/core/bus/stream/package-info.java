/**
 * Streams that are pulled: a protocol gives a {@link dev.polywire.core.bus.stream.StreamSource}, and
 * {@link dev.polywire.core.bus.stream.Streams} serves it as {@link dev.polywire.core.bus.stream.StreamService}, to readers
 * like {@link dev.polywire.core.bus.stream.StreamReader}. The number of streams is public for the connector's status.
 */
@NullMarked
package dev.polywire.core.bus.stream;

import org.jspecify.annotations.NullMarked;
