package dev.polywire.core.bus.binding;

import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What the bindings of a connector have done, in {@code status}. At any time {@code delivered} = acknowledged + rejected +
 * requeued + noAnswers + abandoned + what is out.
 */
final class BindingCounters {

    /** Requests sent, repetitions among them. */
    long delivered;

    long acknowledged;
    /** Items that were dropped because their consumer said so, or did not answer in time. */
    long rejected;
    /** Failures after which an item is given again. */
    long requeued;
    /** Requests that nobody had. */
    long noAnswers;
    /** Requests, of all the others, that were not answered in time. */
    long timeouts;
    /** Times that a binding stopped because nobody was there. */
    long pauses;
    /** Items that were given back to the protocol when a binding ended. */
    long returned;
    /** Requests without an answer when the connector had to go. */
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
