package dev.polywire.core.net;

/** What happens in a pool of connections: the events of MongoDB's connection monitoring and pooling specification, for all wings. */
public enum PoolEvent {
    POOL_CREATED,
    POOL_READY,
    /** All connections are given up, and new ones opened. */
    POOL_CLEARED,
    POOL_CLOSED,
    CONNECTION_CREATED,
    CONNECTION_READY,
    CONNECTION_CLOSED,
    CONNECTION_CHECK_OUT_STARTED,
    CONNECTION_CHECK_OUT_FAILED,
    CONNECTION_CHECKED_OUT,
    CONNECTION_CHECKED_IN
}
