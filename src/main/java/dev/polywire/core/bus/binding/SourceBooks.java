package dev.polywire.core.bus.binding;

import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.bus.stream.SettledSource;
import dev.polywire.core.bus.stream.StreamSource;
import io.vertx.core.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a source what has become of its items, and counts it. A source whose items need no settlement only gets items back. */
final class SourceBooks {

    private final StreamSource source;
    private final @Nullable SettledSource settled;
    private final BindingCounters counters;

    SourceBooks(StreamSource source, BindingCounters counters) {
        this.source = source;
        this.settled = source instanceof SettledSource each ? each : null;
        this.counters = counters;
    }

    void acknowledge(Delivery delivery) {
        if (settled == null || settled.acknowledge(delivery.number())) {
            counters.acknowledged++;
        } else {
            staleAnswer();
        }
    }

    /** @param reason for people */
    void reject(Delivery delivery, String reason) {
        if (settled == null || settled.reject(delivery.number(), new Rejection(false, null, reason))) {
            counters.rejected++;
        } else {
            staleAnswer();
        }
    }

    /** @return false: the source does not give it again, the binding sends it again */
    boolean requeue(Delivery delivery, String reason) {
        if (settled == null) {
            return false;
        } else if (settled.reject(delivery.number(), new Rejection(true, null, reason))) {
            counters.requeued++;
        } else {
            staleAnswer();
        }
        return true;
    }

    /** Nobody has processed these. */
    void giveBack(List<Delivery> deliveries) {
        JsonArray items = new JsonArray();
        for (Delivery each : deliveries) {
            if (settled == null) {
                items.add(each.item());
            } else if (!settled.giveBack(each.number())) {
                counters.stale++;
                continue;
            }
            counters.returned++;
        }
        if (!items.isEmpty()) {
            source.giveBack(items);
        }
    }

    private void staleAnswer() {
        counters.stale++;
        counters.staleAnswers++;
    }
}
