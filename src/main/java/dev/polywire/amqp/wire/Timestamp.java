package dev.polywire.amqp.wire;

import java.time.Instant;

/**
 * A time as AMQP has it.
 *
 * @param seconds since 1970; 64 bits unsigned, so values from 2^63 on are negative
 */
public record Timestamp(long seconds) {

    /** Parts of a second are dropped. */
    public static Timestamp of(Instant time) {
        return new Timestamp(time.getEpochSecond());
    }

    /** @throws java.time.DateTimeException when there is no such {@link Instant} */
    public Instant instant() {
        return Instant.ofEpochSecond(seconds);
    }
}
