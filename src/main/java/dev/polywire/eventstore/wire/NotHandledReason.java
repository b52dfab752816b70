package dev.polywire.eventstore.wire;

/** Why a node does not do what it was asked. In the order of their numbers, from 0. */
public enum NotHandledReason {
    NOT_READY,
    TOO_BUSY,
    /** Ask the node in {@link LeaderInfo}. */
    NOT_LEADER,
    /** Since 20.6: it is a read-only replica. */
    IS_READ_ONLY
}
