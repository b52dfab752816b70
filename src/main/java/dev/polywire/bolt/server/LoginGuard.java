package dev.polywire.bolt.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts wrong logins by address, so that guessing is slow. Stores no part of a login. */
final class LoginGuard {

    /** A client with more addresses than this could not be slowed down by counting them. */
    private static final int MAX_HOSTS = 10_000;

    private final ServerBounds.LoginBounds bounds;
    private final Map<String, Wrong> hosts = new LinkedHashMap<>();
    private long refused;

    private static final class Wrong {
        private int inARow;
        private long lockedUntilMillis = Long.MIN_VALUE;
    }

    LoginGuard(ServerBounds.LoginBounds bounds) {
        this.bounds = bounds;
    }

    /** Whether logins from this address are refused unchecked. */
    boolean locked(String host, long nowMillis) {
        Wrong wrong = hosts.get(host);
        return wrong != null && nowMillis < wrong.lockedUntilMillis;
    }

    /** The delay before a client gets the failure of a wrong login. */
    long delayMillis() {
        return bounds.delayMillis();
    }

    void right(String host) {
        hosts.remove(host);
    }

    /** @return how many wrong logins there were in a row */
    int wrong(String host, long nowMillis) {
        refused++;
        Wrong wrong = hosts.computeIfAbsent(host, h -> new Wrong());
        if (++wrong.inARow % bounds.maxWrong() == 0) {
            wrong.lockedUntilMillis = nowMillis + bounds.lockMillis();
        }
        if (hosts.size() > MAX_HOSTS) {
            hosts.remove(hosts.keySet().iterator().next());
        }
        return wrong.inARow;
    }

    /** A login was refused unchecked. */
    void refusedUnseen() {
        refused++;
    }

    long refused() {
        return refused;
    }
}
