package dev.polywire.eventstore.wire;

/** The outcome of reading a page of all events. In the order of their numbers, from 0. */
public enum ReadAllResult {
    SUCCESS,
    NOT_MODIFIED,
    ERROR,
    ACCESS_DENIED
}
