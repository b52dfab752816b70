package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.core.net.Link;
import org.jspecify.annotations.Nullable;

/** The combined state of a session's two connections, and whether to publish. */
final class SessionState implements Publisher.Gate {

    private final AmqpClient.Listener listener;
    private final Runnable advance;
    private @Nullable RecoveringConnection publishing;
    private @Nullable RecoveringConnection consuming;
    private @Nullable String blocked;
    private Link.@Nullable State told;

    /** @param advance called when waiting publishes may be sendable */
    SessionState(AmqpClient.Listener listener, Runnable advance) {
        this.listener = listener;
        this.advance = advance;
    }

    void of(RecoveringConnection publishing, RecoveringConnection consuming) {
        this.publishing = publishing;
        this.consuming = consuming;
    }

    Link.State state() {
        Link.State one = state(publishing);
        Link.State other = state(consuming);
        if (one == other || other == Link.State.CLOSED) {
            return other;
        }
        boolean lost = one == Link.State.RECOVERING || other == Link.State.RECOVERING;
        return one == Link.State.CLOSED ? one : lost ? Link.State.RECOVERING : Link.State.CONNECTING;
    }

    /** Why the broker accepts no publishes; null if it accepts them. */
    @Nullable
    String blocked() {
        return blocked;
    }

    @Override
    public boolean isOpen() {
        RecoveringConnection other = consuming;
        return other == null || other.now() != null || !other.topology().hasTransient();
    }

    @Override
    public String obstacle() {
        RecoveringConnection own = publishing;
        if (blocked != null) {
            return "broker blocked: " + blocked;
        } else if (own != null && own.now() == null) {
            return String.valueOf(own.unavailable("no connection").getMessage());
        }
        return isOpen() ? "the broker does not read" : "queues are not recovered";
    }

    RecoveringConnection.Listener publishing() {
        return new Side() {
            @Override
            public void blocked(@Nullable String reason) {
                SessionState.this.blocked(reason);
            }
        };
    }

    RecoveringConnection.Listener consuming() {
        return new Side();
    }

    private static Link.State state(@Nullable RecoveringConnection connection) {
        return connection == null ? Link.State.CONNECTING : connection.state();
    }

    private void blocked(@Nullable String reason) {
        boolean was = blocked != null;
        blocked = reason;
        if (reason != null) {
            listener.blocked(reason);
        } else if (was) {
            listener.unblocked();
            advance.run();
        }
    }

    /** One of the two. */
    private class Side implements RecoveringConnection.Listener {

        @Override
        public void state(Link.State state, @Nullable RuntimeException cause) {
            Link.State both = SessionState.this.state();
            if (both != told || cause != null) {
                told = both;
                listener.state(both, cause);
            }
            if (state != Link.State.READY) {
                // A new connection is not blocked. Called last, so that no listener takes us for ready.
                blocked(null);
            }
            advance.run();
        }

        @Override
        public void recovered(RecoveryOutcome outcome) {
            listener.recovered(outcome);
        }

        @Override
        public void blocked(@Nullable String reason) {}

        @Override
        public void writable() {
            advance.run();
        }
    }
}
