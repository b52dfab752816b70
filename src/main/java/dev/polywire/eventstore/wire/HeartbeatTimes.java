package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.Limits;

/**
 * When a side asks whether the other one is still there, and for how long it waits. Any byte is an answer.
 *
 * @param intervalMillis between two looks, 1 to 3,600,000; 0: it never asks
 * @param timeoutMillis for which it waits after it has asked, 1 to 3,600,000
 */
public record HeartbeatTimes(Rule rule, int intervalMillis, int timeoutMillis) {

    /** What is done at a look. */
    public enum Rule {
        /** Ask when nothing was received since the last look; the next look follows the answer. Clients, and servers up to 4.1. */
        AFTER_SILENCE,
        /** The same, and ask also when nothing was sent; looks do not wait for the answer. Servers since 5.0. */
        IN_EACH_INTERVAL
    }

    /** A server's defaults since 5.0. */
    public static final HeartbeatTimes SERVER = new HeartbeatTimes(Rule.IN_EACH_INTERVAL, 2_000, 1_000);
    /** A server's defaults up to 4.1. */
    public static final HeartbeatTimes SERVER_4 = new HeartbeatTimes(Rule.AFTER_SILENCE, 2_000, 1_000);
    /** Those of .NET's client. */
    public static final HeartbeatTimes CLIENT = new HeartbeatTimes(Rule.AFTER_SILENCE, 750, 1_500);

    public HeartbeatTimes {
        Limits.range("intervalMillis", intervalMillis, 0, 3_600_000);
        Limits.range("timeoutMillis", timeoutMillis, 1, 3_600_000);
    }
}
