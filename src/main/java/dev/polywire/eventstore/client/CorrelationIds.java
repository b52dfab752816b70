package dev.polywire.eventstore.client;

import java.util.UUID;

/** Ids of one connection's operations: a random one and those behind it. To be random each, they would cost more than all the rest. */
final class CorrelationIds {

    private final long high;
    private long low;

    CorrelationIds() {
        UUID first = UUID.randomUUID();
        high = first.getMostSignificantBits();
        low = first.getLeastSignificantBits();
    }

    UUID next() {
        return new UUID(high, low++);
    }
}
