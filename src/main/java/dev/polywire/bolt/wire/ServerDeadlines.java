package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;

/** What a server waits for, how long, and when it must say that it is still there. */
final class ServerDeadlines {

    private static final long NEVER = Long.MAX_VALUE;

    private final BoltServerOptions options;
    private long nowMillis;
    private long handshakeMillis = NEVER;
    private long authenticationMillis = NEVER;
    private long messageMillis = NEVER;
    private long noopMillis = NEVER;
    private boolean saidSomething;

    ServerDeadlines(BoltServerOptions options) {
        this.options = options;
    }

    void now(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    void start(long nowMillis) {
        now(nowMillis);
        handshakeMillis = nowMillis + options.handshakeTimeoutMillis();
        authenticationMillis = nowMillis + options.authenticationTimeoutMillis();
    }

    void handshakeDone() {
        handshakeMillis = NEVER;
    }

    void authenticated() {
        authenticationMillis = NEVER;
    }

    /** A whole message has come. */
    void messageDone() {
        messageMillis = NEVER;
    }

    /** A part of a message is here, and whether we wait for the rest: while we work we may be the ones who do not read. */
    void unfinished(boolean awaited) {
        messageMillis = awaited ? Math.min(messageMillis, nowMillis + options.messageTimeoutMillis()) : NEVER;
    }

    /** A request is being worked on. */
    void working(BoltVersion version) {
        saidSomething = false;
        noopMillis = options.receiveTimeoutSeconds() == 0 || !version.hasHints() ? NEVER : nextNoopMillis();
    }

    void resting() {
        noopMillis = NEVER;
    }

    void said() {
        saidSomething = true;
    }

    long nextMillis() {
        return Math.min(Math.min(handshakeMillis, authenticationMillis), Math.min(messageMillis, noopMillis));
    }

    /**
     * Time has passed.
     *
     * @return whether a NOOP is due
     * @throws ProtocolException LIMIT when the client took too long
     */
    boolean tick(long nowMillis) {
        now(nowMillis);
        late("handshake", handshakeMillis, options.handshakeTimeoutMillis());
        late("authentication", authenticationMillis, options.authenticationTimeoutMillis());
        late("message", messageMillis, options.messageTimeoutMillis());
        if (nowMillis < noopMillis) {
            return false;
        }
        boolean due = !saidSomething;
        saidSomething = false;
        noopMillis = nextNoopMillis();
        return due;
    }

    /** Between two signs lie at most two of these steps. */
    private long nextNoopMillis() {
        return nowMillis + options.receiveTimeoutSeconds() * 1_000L / 3;
    }

    private void late(String what, long deadlineMillis, long timeoutMillis) {
        if (nowMillis >= deadlineMillis) {
            throw ProtocolException.limit(what + ": not done (expected: within " + timeoutMillis + " ms)");
        }
    }
}
