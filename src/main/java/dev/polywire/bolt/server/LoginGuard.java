package dev.polywire.bolt.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts wrong logins by address, so that guessing is slow. Nothing of a login is kept. */
final class LoginGuard {

    /** Who has more addresses than that is not held up by looking at them. */
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

    /** Whether logins of this address are refused unseen. */
    boolean locked(String host, long nowMillis) {
        Wrong wrong = hosts.get(host);
        return wrong != null && nowMillis < wrong.lockedUntilMillis;
    }

    /** Until a client hears that its login was wrong. */
    long delayMillis() {
        return bounds.delayMillis();
    }

    void right(String host) {
        hosts.remove(host);
    }

    /** @return how many there were in a row */
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

    /** One was refused unseen. */
    void refusedUnseen() {
        refused++;
    }

    long refused() {
        return refused;
    }
}
