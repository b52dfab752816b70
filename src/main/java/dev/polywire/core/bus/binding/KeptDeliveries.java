package dev.polywire.core.bus.binding;

import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a binding has and nobody works on: items to be sent, oldest first, and requeued ones that wait until they are. */
final class KeptDeliveries {

    private final Vertx vertx;
    private final TreeMap<Long, Delivery> ready = new TreeMap<>();
    /** By the timer that makes them ready. */
    private final Map<Long, Delivery> later = new HashMap<>();

    KeptDeliveries(Vertx vertx) {
        this.vertx = vertx;
    }

    int size() {
        return ready.size() + later.size();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /** The number of the oldest. @param none if there is none */
    long first(long none) {
        return Math.min(
                ready.isEmpty() ? none : ready.firstKey(),
                later.values().stream().mapToLong(Delivery::number).min().orElse(none));
    }

    void add(Delivery delivery) {
        ready.put(delivery.number(), delivery);
    }

    /** @param then runs when it is ready */
    void add(Delivery delivery, long millis, Runnable then) {
        later.put(
                vertx.setTimer(millis, timer -> {
                    later.remove(timer);
                    add(delivery);
                    then.run();
                }),
                delivery);
    }

    /** The oldest that is ready; there must be one. */
    Delivery take() {
        return ready.pollFirstEntry().getValue();
    }

    /** All of them, oldest first. */
    List<Delivery> takeAll() {
        return take(1, Long.MAX_VALUE);
    }

    /** Those of the items {@code first} to {@code last}, oldest first. */
    List<Delivery> take(long first, long last) {
        if (last < first) {
            return List.of();
        }
        later.entrySet().removeIf(each -> {
            boolean taken = each.getValue().isOf(first, last);
            if (taken) {
                vertx.cancelTimer(each.getKey());
                add(each.getValue());
            }
            return taken;
        });
        NavigableMap<Long, Delivery> taken = ready.subMap(first, true, last, true);
        List<Delivery> all = List.copyOf(taken.values());
        taken.clear();
        return all;
    }
}
