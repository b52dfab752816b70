package dev.polywire.eventstore.server;

/** What a server has accepted and refused since it was made. Readable from any thread. */
public final class ServerCounters {

    private volatile long accepted;
    private volatile long connections;
    private volatile long refused;
    private volatile long overflowed;
    private volatile long tooBusy;
    private volatile long faults;

    ServerCounters() {}

    /** Connections that were accepted, open or not. */
    public long acceptedConnections() {
        return accepted;
    }

    /** Connections that are open. */
    public long openConnections() {
        return connections;
    }

    /** Connections that were closed because there were too many, memory was short, or a fault plan says so. */
    public long refusedConnections() {
        return refused;
    }

    /** Connections that were closed because their client does not read. */
    public long overflowedConnections() {
        return overflowed;
    }

    /** Requests that were refused because something was at its bound: with TooBusy, or SubscriberMaxCountReached. */
    public long tooBusyAnswers() {
        return tooBusy;
    }

    /** How often a fault plan has applied. */
    public long appliedFaults() {
        return faults;
    }

    // All on the server's context: increments are not lost.

    void opened() {
        accepted = accepted + 1;
        connections = connections + 1;
    }

    void closed() {
        connections = connections - 1;
    }

    void refused() {
        refused = refused + 1;
    }

    void overflowed() {
        overflowed = overflowed + 1;
    }

    void tooBusy() {
        tooBusy = tooBusy + 1;
    }

    void faultApplied() {
        faults = faults + 1;
    }
}
