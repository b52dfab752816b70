package dev.polywire.eventstore.wire;

/** The outcome of reading one event. In the order of their numbers, from 0. */
public enum ReadEventResult {
    SUCCESS,
    NOT_FOUND,
    NO_STREAM,
    STREAM_DELETED,
    ERROR,
    ACCESS_DENIED
}
