package dev.polywire.amqp.session;

import dev.polywire.core.wire.Limits;

/**
 * Bounds of publishing.
 *
 * @param maxUnconfirmed publishes that are sent and not confirmed, 1 to 65,536, default 1,024; further ones wait
 * @param maxWaiting publishes that wait because of that, or because the broker is blocked, does not read or is not
 *     connected; 0 to 1,000,000, default 10,000; further ones are OVERLOADED
 * @param maxWaitingBytes bytes of their bodies, 0 to 4 GiB, default 64 MiB
 * @param republish whether a publish without a confirm is sent again after its connection is lost, with the same message
 *     id, until its deadline: at least once. One that is lost three times, the last time sent alone, is UNKNOWN_OUTCOME: the
 *     broker may end its connections over it. Default false: UNKNOWN_OUTCOME at once
 */
public record PublishOptions(int maxUnconfirmed, int maxWaiting, long maxWaitingBytes, boolean republish) {

    public static final int DEFAULT_MAX_UNCONFIRMED = 1_024;
    public static final int DEFAULT_MAX_WAITING = 10_000;
    public static final long DEFAULT_MAX_WAITING_BYTES = 64L * 1024 * 1024;

    public static final PublishOptions DEFAULT =
            new PublishOptions(DEFAULT_MAX_UNCONFIRMED, DEFAULT_MAX_WAITING, DEFAULT_MAX_WAITING_BYTES, false);

    public PublishOptions {
        Limits.range("maxUnconfirmed", maxUnconfirmed, 1, 65_536);
        Limits.range("maxWaiting", maxWaiting, 0, 1_000_000);
        Limits.range("maxWaitingBytes", maxWaitingBytes, 0, 4L * 1024 * 1024 * 1024);
    }
}
