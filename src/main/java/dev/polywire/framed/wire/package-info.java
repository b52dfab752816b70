/**
 * Framed messages (Smart Connection), pure: {@code | length: uint32, big endian | payload |} in both directions, nothing
 * else. Start with {@link dev.polywire.framed.wire.FramedMachine}; it serves clients and servers. A {@link
 * dev.polywire.framed.wire.PayloadCodec} translates the payloads.
 */
@NullMarked
package dev.polywire.framed.wire;

import org.jspecify.annotations.NullMarked;
