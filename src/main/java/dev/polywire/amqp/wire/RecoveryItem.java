package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/** One item that a {@link RecoveryPlan} declares again. */
final class RecoveryItem {

    private final AmqpMethod request;
    /** The queue that must exist first; empty: none, or an unknown queue. */
    private final String needs;

    private boolean done;
    private @Nullable CloseReason failure;
    private @Nullable String newName;
    private int attempts;
    private long notBeforeMillis = Long.MIN_VALUE;

    RecoveryItem(AmqpMethod request, String needs) {
        this.request = request;
        this.needs = needs;
    }

    AmqpMethod request() {
        return request;
    }

    String needs() {
        return needs;
    }

    /** Whether it is not recovered yet, but may be. */
    boolean isPending() {
        return !done && failure == null;
    }

    boolean isReady(long nowMillis) {
        return isPending() && nowMillis >= notBeforeMillis;
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    void succeeded(@Nullable String newName) {
        done = true;
        this.newName = newName;
    }

    void failed(CloseReason reason) {
        failure = reason;
    }

    /** It was recovered, and was lost with its channel. */
    void again() {
        done = false;
    }

    /** Plans one more attempt; false if that was the last. */
    boolean later(int maxAttempts, long nextMillis) {
        notBeforeMillis = nextMillis;
        return ++attempts < maxAttempts;
    }

    @Nullable
    CloseReason failure() {
        return failure;
    }

    RecoveryOutcome outcome() {
        return new RecoveryOutcome(request, newName, failure);
    }
}
