package dev.polywire.bolt.wire;

import dev.polywire.bolt.wire.BoltTransitions.Outcome;
import org.jspecify.annotations.Nullable;

/** A point in the conversation: the state, and how many results are open. */
final class BoltProgress {

    private final BoltTransitions table;
    private BoltState state = BoltState.NEGOTIATION;
    private int openResults;

    BoltProgress(BoltVersion version) {
        this.table = BoltTransitions.of(version);
    }

    /** Copies the other point. */
    void set(BoltProgress other) {
        state = other.state;
        openResults = other.openResults;
    }

    BoltState state() {
        return state;
    }

    boolean allows(BoltMessage message) {
        return table.allows(state, message);
    }

    boolean ignores(BoltMessage message) {
        return table.next(state, message, Outcome.IGNORED) != null;
    }

    /**
     * A request was answered by SUCCESS.
     *
     * @param hasMore of a PULL or DISCARD: its result stays open
     * @return false: that is impossible here, and nothing has changed
     */
    boolean success(BoltMessage message, boolean hasMore) {
        int open = switch (message) {
            case RUN -> openResults + 1;
            case PULL, DISCARD -> hasMore ? openResults : openResults - 1;
            default -> 0;
        };
        return go(message, open > 0 ? Outcome.OPEN : Outcome.SUCCESS, open);
    }

    boolean failure(BoltMessage message) {
        return go(message, Outcome.FAILURE, 0);
    }

    boolean arrived(BoltMessage message) {
        return go(message, Outcome.ARRIVED, 0);
    }

    /** A request failed: the expected effects of the later ones do not happen. */
    void fail() {
        state = BoltState.FAILED;
        openResults = 0;
    }

    private boolean go(BoltMessage message, Outcome outcome, int open) {
        @Nullable BoltState next = table.next(state, message, outcome);
        if (next == null) {
            return false;
        }
        state = next;
        openResults = open;
        return true;
    }
}
