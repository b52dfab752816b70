package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;

/** What a client's connection has to say. Requests are named by the numbers that {@code send} gave, in whose order they end. */
public sealed interface BoltEvent {

    /** Greeting and authentication are done; requests may be sent. */
    record Ready(BoltServerInfo server) implements BoltEvent {}

    /** The server did not take the greeting or the user; the machine has failed. */
    record Refused(BoltResponse.Failure failure) implements BoltEvent {}

    /** A row of what a PULL asked for; its answer comes later. */
    record Record(long request, BoltRecord record) implements BoltEvent {}

    /** A request ends: done, failed, or never looked at. */
    record Answer(long request, BoltResponse response) implements BoltEvent {}

    /** A row that cannot be read, in place of its {@link Record}; the rest of the result comes, and its answer. */
    record Undecodable(long request, ProtocolException cause) implements BoltEvent {}
}
