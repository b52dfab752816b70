package dev.polywire.eventstore.wire;

/** What is to be done with an event that was not processed. UNKNOWN lets the server choose. In the order of their numbers, from 0. */
public enum NakAction {
    UNKNOWN,
    PARK,
    RETRY,
    SKIP,
    STOP
}
