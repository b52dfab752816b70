package dev.polywire.eventstore.server;

import dev.polywire.core.wire.Limits;

/** What goes wrong with a connection that a {@link FaultPlan} names. */
public sealed interface ConnectionFault {

    /** It is closed as soon as it is accepted. */
    record Refuse() implements ConnectionFault {}

    /**
     * It is accepted, and that is all: nothing is read, and nothing is sent, no heartbeat either. Its end is noticed when the node
     * or the server is closed.
     */
    record Silence() implements ConnectionFault {}

    /**
     * It is closed in the middle of an answer.
     *
     * @param bytes of answers that its client still gets, heartbeats not among them; 0 to 2,147,483,647
     */
    record CutAfter(int bytes) implements ConnectionFault {
        public CutAfter {
            Limits.range("bytes", bytes, 0, Integer.MAX_VALUE);
        }
    }
}
