package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;

/** The events of a client's connection. Requests have the numbers that {@code send} returned, and end in that order. */
public sealed interface BoltEvent {

    /** Greeting and authentication are done; requests may be sent. */
    record Ready(BoltServerInfo server) implements BoltEvent {}

    /** The server has refused the greeting or the login; the machine has failed. */
    record Refused(BoltResponse.Failure failure) implements BoltEvent {}

    /** A record for a PULL; the answer of the PULL follows later. */
    record Record(long request, BoltRecord record) implements BoltEvent {}

    /** The end of a request: success, failure, or ignored. */
    record Answer(long request, BoltResponse response) implements BoltEvent {}

    /** A record that cannot be decoded, in place of its {@link Record}; the other records and the answer follow. */
    record Undecodable(long request, ProtocolException cause) implements BoltEvent {}
}
