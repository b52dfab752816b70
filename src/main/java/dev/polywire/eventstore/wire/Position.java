package dev.polywire.eventstore.wire;

/**
 * A place among all events.
 *
 * @param commit where the write of the event is complete; -1: the end
 * @param prepare where the event itself is; the same, but for transactions
 */
public record Position(long commit, long prepare) {}
