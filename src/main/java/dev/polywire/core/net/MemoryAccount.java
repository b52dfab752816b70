package dev.polywire.core.net;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one holder holds, rounded up to {@link #PAGE_BYTES}: the sum of all is touched only when that changes. Belongs to the
 * context of its holder.
 */
public final class MemoryAccount {

    /** The unit of an account. */
    static final int PAGE_BYTES = 4 * 1024;

    private final MemoryBudget budget;
    private final String name;
    private final MemoryHolder holder;
    private final Executor context;
    /** How many budgets have stopped it: its own and those that this is a part of. */
    private final AtomicInteger stops = new AtomicInteger();

    private volatile long bytes;
    private volatile boolean unfinished;
    private volatile boolean closed;
    /** Whether a part of it is only kept for later use. */
    private volatile boolean sheds;
    /** What its holder was told last. */
    private boolean mayRead = true;
    /** Kept only while there is pressure: before that, nobody asks. */
    private volatile long shrankAtMillis = Long.MIN_VALUE;

    MemoryAccount(MemoryBudget budget, String name, MemoryHolder holder, Executor context) {
        this.budget = budget;
        this.name = name;
        this.holder = holder;
        this.context = context;
    }

    /**
     * Called whenever it may have changed.
     *
     * @param held all bytes it holds now
     * @param unfinished whether it is in the middle of a message, and would go on if it may read
     */
    public void holds(long held, boolean unfinished) {
        if (closed) {
            return;
        }
        long before = bytes;
        long after = (held + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        if (after != before || this.unfinished != unfinished) {
            bytes = after;
            this.unfinished = unfinished;
            budget.changed(this, after - before);
        }
    }

    /** The same, for a holder without messages that arrive in parts. */
    public void holds(long held) {
        holds(held, false);
    }

    /** Whether some of it is only kept for later use: {@link MemoryHolder#shed} gives that back. */
    public void sheds(boolean some) {
        if (sheds != some) {
            sheds = some;
        }
    }

    /** Whether there is room for {@code more} bytes: in all, or in its own share. */
    public boolean admits(long more) {
        return budget.admits(this, more);
    }

    /** Whether its holder may take in more, as it was told last by {@link MemoryHolder#read}; on its context. */
    public boolean mayRead() {
        return mayRead;
    }

    /** It holds nothing any more, and never will. */
    public void close() {
        if (!closed) {
            holds(0, false);
            closed = true;
            budget.closed(this);
        }
    }

    /** As {@link MemoryBudget#maxMessageBytes}. */
    public int maxMessageBytes() {
        return budget.maxMessageBytes();
    }

    /** What it holds, in whole pages. From any thread. */
    public long bytes() {
        return bytes;
    }

    // ---- for a budget

    String name() {
        return name;
    }

    boolean isUnfinished() {
        return unfinished;
    }

    boolean isClosed() {
        return closed;
    }

    void shrank(long nowMillis) {
        shrankAtMillis = nowMillis;
    }

    long shrankAtMillis() {
        return shrankAtMillis;
    }

    /** @param more 1: another budget stops it; -1: one lets it go on */
    void stop(int more) {
        stops.addAndGet(more);
        // Orders from several threads may overtake each other; the last one to run tells the truth.
        tell(() -> {
            boolean now = stops.get() == 0;
            if (mayRead != now) {
                mayRead = now;
                holder.read(now);
            }
        });
    }

    void shed() {
        if (sheds) {
            tell(holder::shed);
        }
    }

    void drop(CallException why) {
        tell(() -> holder.drop(why));
    }

    /** The holder may have closed its account by the time that an order of another thread reaches it. */
    private void tell(Runnable order) {
        context.execute(() -> {
            if (!closed) {
                order.run();
            }
        });
    }
}
