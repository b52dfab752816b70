package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ProtocolException;

/** What a peer has sent, beside heartbeats. */
public sealed interface EventStoreEvent {

    /** Its command, correlation id and credentials. */
    TcpPackage sent();

    /** A message. Whether a peer of this kind may send it, {@link TcpCommand#sender} says. */
    record Message(TcpPackage sent, EventStoreMessage message) implements EventStoreEvent {}

    /** A package whose command is unknown, or whose payload is not its message. The connection continues. */
    record Unreadable(TcpPackage sent, ProtocolException why) implements EventStoreEvent {}
}
