package dev.polywire.core.bus.binding;

import dev.polywire.core.net.Backoff;
import io.vertx.core.Vertx;
import java.util.Random;

/**
 * Whether a binding gives: when nobody is there it stops for a while, then lets one through, and all when that one is
 * answered. So a deployment of its consumers costs a few requests, not as many as the loop can send.
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
        /** One may go. */
        TRYING,
        /** It is out. */
        TRIED
    }

    /** @param onOpen runs when a pause is over */
    DeliveryGate(Vertx vertx, Runnable onOpen) {
        this.vertx = vertx;
        this.onOpen = onOpen;
    }

    boolean isOpen() {
        return flow == Flow.OPEN;
    }

    /** Whether one item may go now; when it may, it does. */
    boolean pass() {
        boolean may = flow == Flow.OPEN || flow == Flow.TRYING;
        flow = flow == Flow.TRYING ? Flow.TRIED : flow;
        return may;
    }

    /** Somebody is there and works. */
    void answered() {
        backoff = new Backoff(new Random());
        late();
    }

    /** Somebody is there. What comes back of what went before does not shorten a pause. */
    void late() {
        flow = flow == Flow.PAUSED ? flow : Flow.OPEN;
    }

    /** Nobody is there. @return whether that is the beginning of a pause */
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

    /** Lets nothing pass any more. */
    void close() {
        vertx.cancelTimer(timer);
        flow = Flow.PAUSED;
    }
}
