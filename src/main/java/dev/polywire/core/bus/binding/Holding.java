package dev.polywire.core.bus.binding;

import io.vertx.core.Vertx;
import java.util.List;

/** Gives back what a binding keeps for nobody before the protocol stops waiting for it, and holds one item at a time then. */
final class Holding {

    private final Vertx vertx;
    private final HeldSource source;
    private final KeptDeliveries kept;
    private final BindingCounters counters;
    private long timer = -1;
    /** The source gives one item at a time. */
    private boolean one;

    Holding(Vertx vertx, HeldSource source, KeptDeliveries kept, BindingCounters counters) {
        this.vertx = vertx;
        this.source = source;
        this.kept = kept;
        this.counters = counters;
    }

    /**
     * Looks again whenever what is kept has changed, or the gate.
     *
     * @param open somebody is at the address
     * @param pulled items so far
     */
    void look(boolean open, long pulled) {
        end();
        if (!open) {
            long leftMillis = source.leftMillis(kept.first(pulled + 1));
            if (leftMillis <= 0) {
                one = true;
                List<Delivery> back = kept.takeAll();
                counters.returned += back.size();
                source.giveOne(back.stream().mapToLong(Delivery::number));
                leftMillis = source.leftMillis(pulled + 1);
            }
            if (leftMillis < Long.MAX_VALUE) {
                timer = vertx.setTimer(Math.max(1, leftMillis), t -> look(false, pulled));
            }
        } else if (one) {
            one = false;
            source.giveAll();
        }
    }

    void end() {
        if (timer != -1) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
