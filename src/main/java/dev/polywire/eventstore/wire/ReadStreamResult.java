package dev.polywire.eventstore.wire;

/** The outcome of reading a page of one stream. In the order of their numbers, from 0. */
public enum ReadStreamResult {
    SUCCESS,
    NO_STREAM,
    STREAM_DELETED,
    NOT_MODIFIED,
    ERROR,
    ACCESS_DENIED
}
