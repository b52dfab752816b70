package dev.polywire.core.bus.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer pushes and a reader pulls: entries wait here for the next page. It has no bound of its own: its owner counts
 * {@link #heldBytes} in the memory budget, and stops what is pushed. One pull at a time; belongs to one context.
 *
 * <pre>
 *   peer --add--> waiting --pull--> page     addFirst: what a reader has given back
 *                    +--clear--> its owner drops it, or gives it back to the peer
 * </pre>
 */
public final class ItemQueue<T extends ItemQueue.Entry> {

    /** What becomes one item of a page. */
    public interface Entry {

        Object item();

        /** What the item takes in memory, see {@link dev.polywire.core.json.JsonWeight}. */
        long heldBytes();
    }

    private final Vertx vertx;
    private final Consumer<T> taken;
    private final Runnable gave;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private long heldBytes;
    private @Nullable Promise<StreamSource.Page> asked;
    private int max;
    private int maxBytes;
    private boolean giving;
    private boolean ended;
    private @Nullable Throwable failure;

    /**
     * @param taken is told of each entry that goes into a page
     * @param gave runs behind each page, when its reader has had its turn and may have asked for the next one
     */
    public ItemQueue(Vertx vertx, Consumer<T> taken, Runnable gave) {
        this.vertx = vertx;
        this.taken = taken;
        this.gave = gave;
    }

    /** As {@link StreamSource#pull}: what waits is given at once, and the end behind it. */
    public Future<StreamSource.Page> pull(int max, int maxBytes) {
        Promise<StreamSource.Page> page = Promise.promise();
        this.asked = page;
        this.max = max;
        this.maxBytes = maxBytes;
        give();
        return page.future();
    }

    /**
     * A page that is waited for is given when it is full, or at the end of the event loop's turn: what arrives together goes
     * together.
     */
    public void add(T entry) {
        push(entry);
        if (asked == null) {
            return;
        }
        if (waiting.size() >= max || heldBytes >= maxBytes) {
            give();
        } else if (!giving) {
            giving = true;
            vertx.runOnContext(v -> {
                giving = false;
                give();
            });
        }
    }

    /** A page that is waited for is given at once, with this one entry. */
    public void addNow(T entry) {
        push(entry);
        give();
    }

    private void push(T entry) {
        waiting.add(entry);
        heldBytes += entry.heldBytes();
    }

    /** Before all others: entries that a reader has given back, in order. */
    public void addFirst(List<T> entries) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            waiting.addFirst(entries.get(i));
            heldBytes += entries.get(i).heldBytes();
        }
    }

    /** Nothing is pushed any more: the reader gets what waits, and then the end. Ending it again does nothing. */
    public void end() {
        ended = true;
        give();
    }

    /** The same with a failure, which every pull gets from then on. */
    public void fail(Throwable cause) {
        if (!ended) {
            failure = cause;
            end();
        }
    }

    /** Takes all that waits, in order. */
    public List<T> clear() {
        List<T> all = List.copyOf(waiting);
        waiting.clear();
        heldBytes = 0;
        return all;
    }

    /** No reader waits any more: a pull that is pending has no outcome. */
    public void forgetReader() {
        asked = null;
    }

    /** Whether a reader waits for a page. */
    public boolean isAsked() {
        return asked != null;
    }

    public int size() {
        return waiting.size();
    }

    public @Nullable T peek() {
        return waiting.peek();
    }

    /** Of all that waits. */
    public long heldBytes() {
        return heldBytes;
    }

    private void give() {
        Promise<StreamSource.Page> page = asked;
        if (page == null || waiting.isEmpty() && !ended) {
            return;
        }
        asked = null;
        if (!waiting.isEmpty()) {
            page.complete(page());
        } else if (failure != null) {
            page.fail(failure);
        } else {
            page.complete(StreamSource.Page.END);
        }
        gave.run();
    }

    private StreamSource.Page page() {
        JsonArray items = new JsonArray();
        long bytes = 0;
        while (!waiting.isEmpty() && items.size() < max && bytes < maxBytes) {
            T next = waiting.remove();
            bytes += next.heldBytes();
            taken.accept(next);
            items.add(next.item());
        }
        heldBytes -= bytes;
        return new StreamSource.Page(items, false, bytes);
    }
}
