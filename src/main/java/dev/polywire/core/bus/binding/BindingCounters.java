package dev.polywire.core.bus.binding;

import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The numbers of a connector's bindings, in {@code status}. At any time {@code delivered} = acknowledged + rejected +
 * requeued + staleAnswers + noAnswers + abandoned + requests that still wait for an answer. Of a protocol that wants each
 * item settled, {@code given} = acknowledged + rejected + requeued + returned + stale + abandoned + items that the bindings
 * have.
 */
final class BindingCounters {

    /** Items that the protocol has given. */
    long given;

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
    /** Items that were given back to the protocol when a binding ended, or had paused for too long. */
    long returned;
    /** Items that the protocol has taken back before they were settled; it gives them again, as new items. */
    long stale;
    /** Answers, of those that settle an item, about items that the protocol had taken back. */
    long staleAnswers;
    /** Requests that had no answer when the connector had to leave, or their memory was needed. */
    long abandoned;

    void into(BiConsumer<String, LongSupplier> count) {
        count.accept("given", () -> given);
        count.accept("delivered", () -> delivered);
        count.accept("acknowledged", () -> acknowledged);
        count.accept("rejected", () -> rejected);
        count.accept("requeued", () -> requeued);
        count.accept("noAnswers", () -> noAnswers);
        count.accept("deliveryTimeouts", () -> timeouts);
        count.accept("pauses", () -> pauses);
        count.accept("returned", () -> returned);
        count.accept("stale", () -> stale);
        count.accept("staleAnswers", () -> staleAnswers);
        count.accept("abandoned", () -> abandoned);
    }
}
