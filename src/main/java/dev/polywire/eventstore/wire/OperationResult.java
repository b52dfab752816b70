package dev.polywire.eventstore.wire;

/** The outcome of a write, a delete, or a step of a transaction. In the order of their numbers, from 0. */
public enum OperationResult {
    SUCCESS,
    PREPARE_TIMEOUT,
    COMMIT_TIMEOUT,
    FORWARD_TIMEOUT,
    WRONG_EXPECTED_VERSION,
    STREAM_DELETED,
    INVALID_TRANSACTION,
    ACCESS_DENIED
}
