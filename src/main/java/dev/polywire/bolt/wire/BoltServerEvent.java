package dev.polywire.bolt.wire;

/** What a server's connection has to say. */
public sealed interface BoltServerEvent {

    /**
     * A request that is to be answered, the only one at a time: {@link BoltRequest.Hello} or Init and Logon by who knows the
     * users; Logoff, Telemetry; Run, Begin, Commit, Rollback, Route; Pull and Discard with the number of the result they
     * mean; Reset, when everything that was open must be let go.
     *
     * @param number of this request on this connection; answers name it
     */
    record Request(long number, BoltRequest request) implements BoltServerEvent {}

    /** A RESET has come: a request ends here, unheard. It itself comes next, as a {@link Request}. */
    record Interrupted(long number) implements BoltServerEvent {}

    /** The client leaves; what is open must be let go, and no answer is heard any more. The machine has ended. */
    record Goodbye() implements BoltServerEvent {}
}
