package dev.polywire.core.bus.binding;

import dev.polywire.core.net.Backoff;
import io.vertx.core.Vertx;
import java.util.Random;

/**
 * Whether a binding may send: without a consumer it pauses for a while, then sends one item, and after an answer all items.
 * A redeployment of its consumers therefore costs only a few requests, not as many as the event loop can send.
 */
final class DeliveryGate {

    private final Vertx vertx;
    private final Runnable onOpen;
    private Flow flow = Flow.OPEN;
    private Backoff backoff = new Backoff(new Random());
    private long timer = -1;

    private enum Flow {
        OPEN,
        PAUSED,
        /** One item may be sent. */
        TRYING,
        /** That item was sent. */
        TRIED
    }

    /** @param onOpen runs at the end of a pause */
    DeliveryGate(Vertx vertx, Runnable onOpen) {
        this.vertx = vertx;
        this.onOpen = onOpen;
    }

    boolean isOpen() {
        return flow == Flow.OPEN;
    }

    /** Whether one item may be sent, to see whether somebody is there. */
    boolean isTrying() {
        return flow == Flow.TRYING;
    }

    /** Whether one item may be sent now; true counts as sending it. */
    boolean pass() {
        boolean may = flow == Flow.OPEN || flow == Flow.TRYING;
        flow = flow == Flow.TRYING ? Flow.TRIED : flow;
        return may;
    }

    /** A consumer is available and works. */
    void answered() {
        backoff = new Backoff(new Random());
        late();
    }

    /** A consumer is available. A late answer to an earlier request does not shorten a pause. */
    void late() {
        flow = flow == Flow.PAUSED ? flow : Flow.OPEN;
    }

    /** No consumer is available. @return whether a pause begins now */
    boolean nobody() {
        if (flow == Flow.PAUSED) {
            return false;
        }
        flow = Flow.PAUSED;
        timer = vertx.setTimer(backoff.nextMillis(), t -> {
            flow = Flow.TRYING;
            onOpen.run();
        });
        return true;
    }

    /** Stops all further items. */
    void close() {
        vertx.cancelTimer(timer);
        flow = Flow.PAUSED;
    }
}
