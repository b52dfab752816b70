/**
 * EventStore's TCP protocol, 4.1 to 23.10, without a socket: packages, the table of commands in {@link
 * dev.polywire.eventstore.wire.TcpCommand}, and the messages of both sides as records. Start with {@link
 * dev.polywire.eventstore.wire.TcpPackage}, then {@link dev.polywire.eventstore.wire.EventStoreMessage}. Lengths are little
 * endian, ids in .NET's order, most payloads protobuf. The class {@code Protobuf} is generated from
 * {@code src/main/proto/eventstore.proto} and used in this package only.
 */
@NullMarked
package dev.polywire.eventstore.wire;

import org.jspecify.annotations.NullMarked;
