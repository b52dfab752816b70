package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects that live longer than one request, by an id that cannot be guessed, each with a lease that every use renews.
 *
 * @param <T> the object behind a handle
 */
final class Handles<T> {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;

    private final Vertx vertx;
    private final long leaseMillis;
    private final int max;
    private final int maxPerCaller;
    private final Predicate<T> inUse;
    private final Consumer<T> lapse;
    private final Map<String, Held<T>> held = new HashMap<>();
    private final Map<String, Integer> perCaller = new HashMap<>();
    private long lapsed;

    private static final class Held<T> {
        final T value;
        final String caller;
        long timer;
        boolean used;

        Held(T value, String caller) {
            this.value = value;
            this.caller = caller;
        }
    }

    /**
     * @param max open handles at a time
     * @param maxPerCaller open handles of one caller at a time; does not apply to the caller "" (a caller on the bus)
     * @param inUse whether a caller waits for the object at this moment, even if the lease is shorter than the wait
     * @param lapse releases the object of a handle whose lease has lapsed
     */
    Handles(Vertx vertx, long leaseMillis, int max, int maxPerCaller, Predicate<T> inUse, Consumer<T> lapse) {
        this.vertx = vertx;
        this.leaseMillis = leaseMillis;
        this.max = max;
        this.maxPerCaller = maxPerCaller;
        this.inUse = inUse;
        this.lapse = lapse;
    }

    /** @return the new handle's id, or throws OVERLOADED */
    String add(String caller, T value) {
        admit(caller);
        byte[] bits = new byte[ID_BYTES];
        RANDOM.nextBytes(bits);
        String id = HexFormat.of().formatHex(bits);
        Held<T> entry = new Held<>(value, caller);
        held.put(id, entry);
        perCaller.merge(caller, 1, Integer::sum);
        arm(id, entry);
        return id;
    }

    /** Throws OVERLOADED when no further handle may be opened; called before the object is opened. */
    void admit(String caller) {
        if (held.size() >= max) {
            throw Failure.OVERLOADED.because("handles: " + held.size() + " (expected: < " + max + ")");
        }
        int own = perCaller.getOrDefault(caller, 0);
        if (!caller.isEmpty() && own >= maxPerCaller) {
            throw Failure.OVERLOADED.because("handles of this caller: " + own + " (expected: < " + maxPerCaller + ")");
        }
    }

    /** The object behind {@code id}, its lease renewed, or null. */
    @Nullable
    T use(String id) {
        Held<T> entry = held.get(id);
        if (entry == null) {
            return null;
        }
        entry.used = true;
        return entry.value;
    }

    @Nullable
    T remove(String id) {
        Held<T> entry = held.remove(id);
        if (entry == null) {
            return null;
        }
        vertx.cancelTimer(entry.timer);
        perCaller.computeIfPresent(entry.caller, (caller, own) -> own == 1 ? null : own - 1);
        return entry.value;
    }

    List<T> removeAll() {
        List<T> all = new ArrayList<>();
        for (String id : List.copyOf(held.keySet())) {
            T value = remove(id);
            if (value != null) {
                all.add(value);
            }
        }
        return all;
    }

    int size() {
        return held.size();
    }

    long leaseMillis() {
        return leaseMillis;
    }

    /** Handles that were not used for the length of a lease. */
    long lapsed() {
        return lapsed;
    }

    /** One timer per lease, not one per use: a handle lapses between one and two leases after its last use. */
    private void arm(String id, Held<T> entry) {
        entry.used = false;
        entry.timer = vertx.setTimer(leaseMillis, t -> {
            if (entry.used || inUse.test(entry.value)) {
                arm(id, entry);
            } else {
                remove(id);
                lapsed++;
                lapse.accept(entry.value);
            }
        });
    }
}
