package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/** One thing that a {@link RecoveryPlan} makes again. */
final class RecoveryItem {

    private final AmqpMethod request;
    /** The queue that must be there before; empty: none, or nobody knows of it. */
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

    /** Whether it is not there, and may still be. */
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

    /** It was there, and went with its channel. */
    void again() {
        done = false;
    }

    /** One more attempt, later; false: that was the last. */
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
