package dev.polywire.core.bus.binding;

import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The numbers of a connector's bindings, in {@code status}. At any time {@code delivered} = acknowledged + rejected +
 * requeued + noAnswers + abandoned + requests that still wait for an answer.
 */
final class BindingCounters {

    /** Requests sent, including repetitions. */
    long delivered;

    long acknowledged;
    /** Items that were dropped because the consumer rejected them, or did not answer in time. */
    long rejected;
    /** Failures after which an item is sent again. */
    long requeued;
    /** Requests that no consumer has processed. */
    long noAnswers;
    /** Requests, among all the others, that were not answered in time. */
    long timeouts;
    /** How often a binding paused because no consumer was available. */
    long pauses;
    /** Items that were given back to the protocol when a binding ended. */
    long returned;
    /** Requests that had no answer when the connector had to leave, or their memory was needed. */
    long abandoned;

    void into(BiConsumer<String, LongSupplier> count) {
        count.accept("delivered", () -> delivered);
        count.accept("acknowledged", () -> acknowledged);
        count.accept("rejected", () -> rejected);
        count.accept("requeued", () -> requeued);
        count.accept("noAnswers", () -> noAnswers);
        count.accept("deliveryTimeouts", () -> timeouts);
        count.accept("pauses", () -> pauses);
        count.accept("returned", () -> returned);
        count.accept("abandoned", () -> abandoned);
    }
}
