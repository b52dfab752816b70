package dev.polywire.bridge;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Wrong tokens by address. Each delays the answer, and too many within a minute lock the address:
 * no client from it can log in for the rest of the minute; connected clients stay. When there are too many addresses, the
 * oldest are dropped.
 */
final class LoginAttempts {

    static final int MAX_FAILURES = 10;
    static final long WINDOW_MILLIS = 60_000;
    private static final int MAX_ADDRESSES = 10_000;
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long MAX_DELAY_MILLIS = 2_000;

    private final Map<String, FailedLogins> byAddress = new LinkedHashMap<>();

    private record FailedLogins(int count, long untilMillis) {}

    /** Whether tokens from this address are checked. */
    boolean admits(String address, long nowMillis) {
        return failures(address, nowMillis) < MAX_FAILURES;
    }

    /** Counts a wrong token. @return the delay of its answer, in milliseconds */
    long failed(String address, long nowMillis) {
        int before = failures(address, nowMillis);
        FailedLogins last = byAddress.remove(address);
        byAddress.put(
                address,
                new FailedLogins(
                        before + 1, last != null && before > 0 ? last.untilMillis : nowMillis + WINDOW_MILLIS));
        if (byAddress.size() > MAX_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
        return Math.min(MAX_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(before, 10));
    }

    int addresses() {
        return byAddress.size();
    }

    private int failures(String address, long nowMillis) {
        FailedLogins known = byAddress.get(address);
        return known == null || nowMillis >= known.untilMillis ? 0 : known.count;
    }
}
