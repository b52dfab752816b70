package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Timers;

/** A server's deadlines for its client, and the times of its own keep-alives. */
final class ServerDeadlines {

    enum Timer {
        /** For the client to negotiate a version. */
        HANDSHAKE,
        /** For the client to log in. */
        AUTHENTICATION,
        /** For the client to complete a message. */
        MESSAGE,
        /** For the server to send a keep-alive. */
        NOOP
    }

    private final BoltServerOptions options;
    private final Timers<Timer> timers;
    private long nowMillis;
    private boolean saidSomething;

    ServerDeadlines(BoltServerOptions options, Timers<Timer> timers) {
        this.options = options;
        this.timers = timers;
    }

    void now(long nowMillis) {
        this.nowMillis = nowMillis;
    }

    void start(long nowMillis) {
        now(nowMillis);
        timers.set(Timer.HANDSHAKE, nowMillis + options.handshakeTimeoutMillis());
        timers.set(Timer.AUTHENTICATION, nowMillis + options.authenticationTimeoutMillis());
    }

    void handshakeDone() {
        timers.stop(Timer.HANDSHAKE);
    }

    void authenticated() {
        timers.stop(Timer.AUTHENTICATION);
    }

    /** A whole message has arrived. */
    void messageDone() {
        timers.stop(Timer.MESSAGE);
    }

    /** A message is incomplete; {@code awaited}: whether the server reads, as it may not while a request is in progress. */
    void unfinished(boolean awaited) {
        if (!awaited) {
            timers.stop(Timer.MESSAGE);
        } else if (!timers.runs(Timer.MESSAGE)) {
            timers.set(Timer.MESSAGE, nowMillis + options.messageTimeoutMillis());
        }
    }

    /** A request is in progress. */
    void working(BoltVersion version) {
        saidSomething = false;
        if (options.receiveTimeoutSeconds() > 0 && version.hasHints()) {
            nextNoop();
        } else {
            resting();
        }
    }

    void resting() {
        timers.stop(Timer.NOOP);
    }

    void said() {
        saidSomething = true;
    }

    /**
     * Time has passed.
     *
     * @return whether a NOOP is due
     * @throws ProtocolException SILENCE when the client took too long
     */
    boolean due(Timer timer, long nowMillis) {
        now(nowMillis);
        return switch (timer) {
            case HANDSHAKE -> throw late("handshake", options.handshakeTimeoutMillis());
            case AUTHENTICATION -> throw late("authentication", options.authenticationTimeoutMillis());
            case MESSAGE -> throw late("message", options.messageTimeoutMillis());
            case NOOP -> {
                boolean due = !saidSomething;
                saidSomething = false;
                nextNoop();
                yield due;
            }
        };
    }

    /** At most two of these steps lie between two keep-alives. */
    private void nextNoop() {
        timers.set(Timer.NOOP, nowMillis + options.receiveTimeoutSeconds() * 1_000L / 3);
    }

    private static ProtocolException late(String what, long timeoutMillis) {
        return ProtocolException.silence(what + ": not done (expected: within " + timeoutMillis + " ms)");
    }
}
