package dev.polywire.eventstore.wire;

/** What has become of one sending of an operation that has no answer, or none that is its end. */
public enum OperationTrouble {
    /** The connection ended before it was sent. */
    NOT_SENT,
    /** The connection ended while it was in flight, and it only reads. */
    LOST_READ,
    /** The connection ended while it was in flight, and it may have had its effect. */
    LOST_WRITE,
    /** The server gave up waiting for its disk or its cluster: PrepareTimeout, CommitTimeout, ForwardTimeout. */
    GIVEN_UP_BY_SERVER,
    NOT_READY,
    TOO_BUSY,
    /** And the node that is the leader is named. */
    NOT_LEADER,
    /** Nobody is named whom this client can reach. */
    NO_LEADER,
    /** A read-only replica takes no writes, and says of nobody that he does: the client's preference is wrong for this operation. */
    IS_READ_ONLY,
    /** The answer is a page over the limit, and it has more than one event. */
    PAGE_TOO_LONG,
    /** Any other refusal. */
    REFUSED
}
