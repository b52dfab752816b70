/**
 * Bolt, Neo4j's protocol, without a socket: PackStream values, chunks, the handshake, messages, and the machines of client
 * and server. The conversation is in {@link dev.polywire.bolt.wire.BoltTransitions}; start with
 * {@link dev.polywire.bolt.wire.BoltClientMachine}. Everything is big endian.
 */
@NullMarked
package dev.polywire.bolt.wire;

import org.jspecify.annotations.NullMarked;
