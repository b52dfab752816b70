package dev.polywire.core.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that peers make us hold, all together: unfinished messages, unread output, waiting requests, kept batches. One
 * for each Vert.x instance, and parts of it with a lower limit of their own. Below the limit it only counts. Above it:
 *
 * <pre>
 *   newcomers                                                      are refused
 *   a holder with more than its share, and more than 64 KiB        reads nothing more
 *   ... of those in the middle of a message, one at a time         reads on: else none of them would finish; the next one
 *                                                                  as soon as it does not, while there is room for that
 *   5 s without shrinking, or far above the limit in all           the largest one is dropped
 * </pre>
 *
 * <p>So all together hold at most the limit, 64 KiB for each holder, and one message, which has at most half the limit. Far
 * above is whatever is more than that, where the 64 KiB of all holders are at most a quarter of the limit.
 *
 * <p>From any thread, except where noted; a {@link MemoryAccount} belongs to its holder's context.
 */
public final class MemoryBudget implements Shareable {

    private static final String MAP = "polywire.memory";

    private final @Nullable MemoryBudget whole;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<MemoryAccount> accounts = ConcurrentHashMap.newKeySet();
    private final MemoryPressure pressure;
    private final LongSupplier clock;
    private final Consumer<Runnable> later;
    private volatile long maxBytes;

    private record Held(String name, long bytes) {}

    /**
     * @param clock milliseconds
     * @param later runs something after {@link MemoryPressure#LOOK_MILLIS}, on any thread
     */
    MemoryBudget(long maxBytes, LongSupplier clock, Consumer<Runnable> later) {
        this(null, maxBytes, clock, later);
    }

    private MemoryBudget(@Nullable MemoryBudget whole, long maxBytes, LongSupplier clock, Consumer<Runnable> later) {
        this.whole = whole;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.later = later;
        this.pressure = new MemoryPressure(this);
    }

    /** The budget of a Vert.x instance, made at its first use: {@link MemoryOptions#DEFAULT}, unless {@link #limit} says otherwise. */
    public static MemoryBudget of(Vertx vertx) {
        LocalMap<String, MemoryBudget> installed = vertx.sharedData().getLocalMap(MAP);
        MemoryBudget known = installed.get(MAP);
        return known != null ? known : installed.computeIfAbsent(MAP, first -> onTimer(vertx));
    }

    /** A part of this budget with a limit of its own: what is held there counts in both. */
    public MemoryBudget part(long maxBytes) {
        return new MemoryBudget(this, maxBytes, clock, later);
    }

    /** Changes the limit; what is held above it is dealt with at the next change of an account. @param maxBytes at least 1 */
    public void limit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    public long maxBytes() {
        return maxBytes;
    }

    /** The longest message that a peer may send: half of the limit, so that one message never fills it. */
    public int maxMessageBytes() {
        long own = Math.min(maxBytes / 2, Integer.MAX_VALUE);
        return (int) (whole == null ? own : Math.min(own, whole.maxMessageBytes()));
    }

    /**
     * Opens an account; on the context that it belongs to.
     *
     * @param name who the holder is, for people: no secret
     */
    public MemoryAccount open(String name, MemoryHolder holder) {
        Context context = Vertx.currentContext();
        return open(name, holder, step -> {
            if (Vertx.currentContext() == context) {
                step.run();
            } else {
                context.runOnContext(now -> step.run());
            }
        });
    }

    MemoryAccount open(String name, MemoryHolder holder, Executor context) {
        MemoryAccount account = new MemoryAccount(this, name, holder, context);
        for (MemoryBudget each = this; each != null; each = each.whole) {
            each.accounts.add(account);
        }
        return account;
    }

    /** Whether there is room for newcomers: above the limit they are refused as OVERLOADED, and counted. */
    public boolean admits() {
        return admits(0);
    }

    /** The same for a newcomer with so many bytes, which must not exceed the limit either. */
    public boolean admits(long more) {
        for (MemoryBudget each = this; each != null; each = each.whole) {
            if (each.heldBytes() + more > each.maxBytes) {
                each.pressure.refused();
                return false;
            }
        }
        return true;
    }

    /** Why {@code more} bytes are refused, for people. */
    public String noRoomFor(long more) {
        return "memory: " + more + " bytes, beside " + heldBytes() + " (expected: <= " + maxBytes + " in all)";
    }

    /** Whether all together hold more than the limit. */
    public boolean isExceeded() {
        return isExceededBy(0);
    }

    /** The same with {@code more} bytes, which are not counted yet. */
    public boolean isExceededBy(long more) {
        return heldBytes() + more > maxBytes;
    }

    /** What all holders have, in whole pages. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** The holders that have the most, a line each, for people. */
    public String report() {
        StringBuilder lines = new StringBuilder("memory: " + heldBytes() + " of " + maxBytes + " bytes are held");
        for (Held each : largest(10)) {
            lines.append("\n  ").append(each.bytes).append(' ').append(each.name);
        }
        return lines.toString();
    }

    /**
     * For {@code status}.
     *
     * @return {@code {"maxBytes", "heldBytes", "largest": [{"name", "bytes"}], "stopped", "refused", "dropped",
     *     "lastDropped": {"name", "bytes"}}}, where {@code stopped} counts holders that do not read, {@code refused}
     *     newcomers, and {@code lastDropped} is there after the first one
     */
    public JsonObject status() {
        JsonArray most = new JsonArray();
        largest(3).forEach(each -> most.add(MemoryPressure.json(each.name, each.bytes)));
        JsonObject status = new JsonObject()
                .put("maxBytes", maxBytes)
                .put("heldBytes", heldBytes())
                .put("largest", most);
        return pressure.addTo(status);
    }

    /** Holders that do not read because of this budget. */
    public int stopped() {
        return pressure.stopped();
    }

    // ---- for accounts and the pressure

    /** @param more how much more it holds; may be negative */
    void changed(MemoryAccount account, long more) {
        for (MemoryBudget each = this; each != null; each = each.whole) {
            long held = each.heldBytes.addAndGet(more);
            if (held > each.maxBytes || each.pressure.isOn()) {
                if (more < 0) {
                    account.shrank(clock.getAsLong());
                }
                each.pressure.changed(account);
            }
        }
    }

    void closed(MemoryAccount account) {
        for (MemoryBudget each = this; each != null; each = each.whole) {
            each.accounts.remove(account);
            each.pressure.closed(account);
        }
    }

    boolean admits(MemoryAccount account, long more) {
        for (MemoryBudget each = this; each != null; each = each.whole) {
            long after = each.heldBytes() + more;
            if (after > MemoryPressure.most(each.maxBytes) && account.bytes() + more > each.maxBytes / each.holders()) {
                return false;
            }
        }
        return true;
    }

    /** How many hold anything; at least 1. */
    long holders() {
        return Math.max(1, accounts.stream().filter(each -> each.bytes() > 0).count());
    }

    Set<MemoryAccount> accounts() {
        return accounts;
    }

    long nowMillis() {
        return clock.getAsLong();
    }

    void later(Runnable step) {
        later.accept(step);
    }

    /** Each account is looked at once, because accounts change while they are sorted; most of them are idle. */
    private List<Held> largest(int count) {
        List<Held> all = new ArrayList<>();
        for (MemoryAccount each : accounts) {
            long bytes = each.bytes();
            if (bytes > 0) {
                all.add(new Held(each.name(), bytes));
            }
        }
        all.sort(Comparator.comparingLong(Held::bytes).reversed());
        return all.subList(0, Math.min(count, all.size()));
    }

    private static MemoryBudget onTimer(Vertx vertx) {
        OwnContext own = new OwnContext(vertx);
        return new MemoryBudget(
                MemoryOptions.DEFAULT.maxBytes(),
                Monotonic::millis,
                step -> own.run(() -> vertx.setTimer(MemoryPressure.LOOK_MILLIS, t -> step.run())));
    }
}
