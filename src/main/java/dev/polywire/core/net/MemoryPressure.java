package dev.polywire.core.net;

import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What happens while one {@link MemoryBudget} is above its limit, until the last holder that it stopped reads again. */
final class MemoryPressure {

    /** Everybody may hold this much: one read of a socket. */
    static final int READ_BYTES = 64 * 1024;
    /** Who has held memory for this long, under pressure, and has not shrunk, does not move. */
    static final long STILL_MILLIS = 5_000;
    /** Who has shrunk more recently than that is not the first to be dropped. */
    static final long MOVING_MILLIS = 500;
    /** How often it looks for those who do not move. */
    static final long LOOK_MILLIS = 100;

    private static final Logger LOG = System.getLogger(MemoryPressure.class.getName());

    private final MemoryBudget budget;
    /** Over their share, in the order in which they came to be. */
    private final Set<MemoryAccount> over = new LinkedHashSet<>();

    private final Set<MemoryAccount> stopped = new HashSet<>();
    /** Told to end; what they hold is about to be released. */
    private final Set<MemoryAccount> dropping = new HashSet<>();
    /** What is to be told to holders once the lock is free: they may call back. */
    private List<Runnable> orders = new ArrayList<>();
    /** The one of {@link #over} that reads on. */
    private @Nullable MemoryAccount turn;
    /** What it held at the last look. */
    private long turnBytes;

    private volatile boolean on;
    private boolean looking;
    private long sinceMillis;
    private long holders;
    private long refused;
    private long dropped;
    private @Nullable JsonObject lastDropped;

    MemoryPressure(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Bytes of a size that was not known before may go above the limit, up to here. */
    static long most(long maxBytes) {
        return maxBytes + maxBytes / 4;
    }

    boolean isOn() {
        return on;
    }

    void changed(MemoryAccount account) {
        locked(() -> {
            if (account.bytes() == 0 && dropping.remove(account)) {
                stop(account, false);
            }
            long held = heldBytes();
            if (held <= budget.maxBytes()) {
                relieve(budget.maxBytes() - held);
                return;
            }
            begin();
            press(account);
            if (held > farAbove()) {
                drop(each -> each.shrankAtMillis() <= budget.nowMillis() - MOVING_MILLIS, budget.maxBytes());
                drop(each -> true, most(budget.maxBytes()));
            }
        });
    }

    void closed(MemoryAccount account) {
        locked(() -> {
            over.remove(account);
            stopped.remove(account);
            dropping.remove(account);
            if (on) {
                long held = heldBytes();
                if (held <= budget.maxBytes()) {
                    relieve(budget.maxBytes() - held);
                } else {
                    pass();
                }
            }
        });
    }

    synchronized void refused() {
        refused++;
    }

    synchronized int stopped() {
        return stopped.size();
    }

    synchronized JsonObject addTo(JsonObject status) {
        status.put("stopped", stopped.size()).put("refused", refused).put("dropped", dropped);
        return lastDropped == null ? status : status.put("lastDropped", lastDropped.copy());
    }

    static JsonObject json(String name, long bytes) {
        return new JsonObject().put("name", name).put("bytes", bytes);
    }

    /** Without those who are about to release it. */
    private long heldBytes() {
        long held = budget.heldBytes();
        for (MemoryAccount each : dropping) {
            held -= each.bytes();
        }
        return held;
    }

    /** Beyond the one message that goes on, which may have half of the limit, and a read for each holder. */
    private long farAbove() {
        return budget.maxBytes() + budget.maxMessageBytes() + Math.min(READ_BYTES * holders, budget.maxBytes() / 4);
    }

    private void begin() {
        if (!on) {
            on = true;
            sinceMillis = budget.nowMillis();
            holders = budget.holders();
            orders.add(this::shed);
            lookLater();
        }
    }

    /** What is kept for later use only goes first. */
    private void shed() {
        budget.accounts().forEach(MemoryAccount::shed);
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            orders.add(() -> budget.later(this::look));
        }
    }

    /** Called from time to time while there is pressure. */
    private void look() {
        locked(() -> {
            looking = false;
            if (!on) {
                return;
            }
            long held = heldBytes();
            if (held > budget.maxBytes()) {
                holders = budget.holders();
                orders.add(this::shed);
                // Room for many of those who wait: one at a time would take minutes when hundreds of peers have left.
                long still = budget.nowMillis() - STILL_MILLIS;
                drop(
                        each -> Math.max(sinceMillis, each.shrankAtMillis()) <= still,
                        budget.maxBytes() - budget.maxBytes() / 8);
                held = heldBytes();
            }
            if (held > budget.maxBytes()) {
                pass(stalls(held));
            } else {
                relieve(budget.maxBytes() - held);
            }
            if (on) {
                lookLater();
            }
        });
    }

    private void press(MemoryAccount changed) {
        if (changed.bytes() > Math.min(READ_BYTES, budget.maxBytes() / holders)) {
            over.add(changed);
        } else {
            over.remove(changed);
            stop(changed, false);
        }
        pass();
        stop(changed, over.contains(changed) && changed != turn);
    }

    /**
     * Whether the one that has the turn has read nothing since the last look. Its message stays, so the next one gets the turn
     * only if there is room for another message: at the limit and a read for each.
     */
    private boolean stalls(long held) {
        long before = turnBytes;
        turnBytes = turn == null ? 0 : turn.bytes();
        return turn != null && turnBytes == before && held <= budget.maxBytes() + READ_BYTES * holders;
    }

    private void pass() {
        pass(false);
    }

    /**
     * Gives the turn to the next one, when the one that has it is done, or {@code stalls}, and its message does not take room any
     * more.
     */
    private void pass(boolean stalls) {
        MemoryAccount last = turn;
        if (last != null && over.contains(last) && last.isUnfinished() && !dropping.contains(last)) {
            if (!stalls) {
                return;
            }
            over.remove(last);
            over.add(last);
        }
        turn = null;
        // The others have more than the limit and their reads only while the message before, or what was made of it, is
        // here.
        long room = budget.maxBytes() + READ_BYTES * holders - heldBytes();
        for (MemoryAccount each : over) {
            if (each.isUnfinished() && !dropping.contains(each) && each.bytes() + room >= 0) {
                turn = each;
                stop(each, false);
                break;
            }
        }
        if (last != null && last != turn) {
            stop(last, over.contains(last));
        }
    }

    /** Lets as many go on as there is room for; at least one. */
    private void relieve(long roomBytes) {
        turn = null;
        long left = Math.max(roomBytes, READ_BYTES);
        while (left >= READ_BYTES && !over.isEmpty()) {
            MemoryAccount next = over.iterator().next();
            over.remove(next);
            stop(next, false);
            left -= READ_BYTES;
        }
        over.forEach(each -> stop(each, true));
        on = !over.isEmpty() || !dropping.isEmpty();
    }

    /** Drops the largest ones of {@code which}, until no more than that is held. */
    private void drop(Predicate<MemoryAccount> which, long untilBytes) {
        while (heldBytes() > untilBytes) {
            MemoryAccount largest = null;
            for (MemoryAccount each : budget.accounts()) {
                boolean larger = largest == null || each.bytes() > largest.bytes();
                if (larger && !dropping.contains(each) && which.test(each)) {
                    largest = each;
                }
            }
            if (largest == null || largest.bytes() == 0) {
                return;
            }
            drop(largest);
        }
    }

    private void drop(MemoryAccount most) {
        String why = "memory: " + most.name() + " holds " + most.bytes() + " of " + budget.heldBytes()
                + " bytes (expected: <= " + budget.maxBytes() + " in all)";
        dropping.add(most);
        over.remove(most);
        dropped++;
        lastDropped = json(most.name(), most.bytes());
        orders.add(() -> LOG.log(Level.WARNING, "dropping the largest holder of {0}", why));
        orders.add(() -> most.drop(new CallException(CallException.Reason.OVERLOADED, why)));
    }

    private void stop(MemoryAccount account, boolean stop) {
        if (!account.isClosed() && (stop ? stopped.add(account) : stopped.remove(account))) {
            orders.add(() -> account.stop(stop ? 1 : -1));
        }
    }

    private void locked(Runnable step) {
        List<Runnable> todo;
        synchronized (this) {
            step.run();
            todo = orders;
            orders = new ArrayList<>();
        }
        todo.forEach(Runnable::run);
    }
}
