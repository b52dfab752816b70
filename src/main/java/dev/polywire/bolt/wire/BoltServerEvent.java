package dev.polywire.bolt.wire;

/** The events of a server's connection. */
public sealed interface BoltServerEvent {

    /**
     * A request to be answered, one at a time: {@link BoltRequest.Hello} or Init and Logon, which the user directory
     * decides; Logoff, Telemetry; Run, Begin, Commit, Rollback, Route; Pull and Discard with the number of their
     * result; Reset, which ends all open results and the transaction; and Invalid, which is to fail.
     *
     * @param number of this request on this connection; its answer names it
     */
    record Request(long number, BoltRequest request) implements BoltServerEvent {}

    /** A RESET has arrived: a request ends without an answer. The RESET itself follows, as a {@link Request}. */
    record Interrupted(long number) implements BoltServerEvent {}

    /** The client leaves; open results and transactions must be released, answers are ignored. The machine has ended. */
    record Goodbye() implements BoltServerEvent {}
}
