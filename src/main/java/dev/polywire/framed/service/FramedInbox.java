package dev.polywire.framed.service;

import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import dev.polywire.framed.client.FramedConnection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The incoming messages of all connections, as a stream that one reader at a time has open. The sockets are read only
 * while a page is asked for and not full, so only what a reader has given back waits here: messages without a demand stay in
 * the sockets.
 */
final class FramedInbox implements StreamSource, MemoryHolder {

    /** The cost of an item beside its payload: its object, and the id of its connection. */
    private static final int ITEM_BYTES = 64;
    /** Connections with more in the kernel that are read at a time: else each of them could fill the heap with half a message. */
    private static final int BACKLOGS = 4;
    /** After this long without a message, as many again are read: those before may never finish theirs. */
    private static final long NEXT_BACKLOGS_MILLIS = 100;

    private final Vertx vertx;
    private final MemoryAccount account;
    private final BiFunction<JsonArray, CallException, JsonObject> dropped;
    /** In the order in which they are read: the connection of a page's last item goes to the end. */
    private final Set<FramedConnection> connections = new LinkedHashSet<>();

    private @Nullable Promise<Page> asked;
    private JsonArray items = new JsonArray();
    private boolean open;
    /** Whether a page is asked for. */
    private boolean wanted;

    private boolean reading;
    private @Nullable FramedConnection last;
    private long timer = -1;
    private int max;
    private int maxBytes;
    /** Of the page that is asked for. */
    private long bytes;
    /** Of the items while no page is asked for. */
    private long waitingBytes;

    /**
     * @param name of its connector
     * @param dropped is given the items that are dropped because they take too much memory; its result, in their place, tells
     *     the next reader
     */
    FramedInbox(Vertx vertx, String name, BiFunction<JsonArray, CallException, JsonObject> dropped) {
        this.vertx = vertx;
        this.account = MemoryBudget.of(vertx).open(name + ", items", this);
        this.dropped = dropped;
    }

    boolean isOpen() {
        return open;
    }

    /** Opens the stream for one reader, until {@link #close}. */
    FramedInbox open() {
        open = true;
        return this;
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        Promise<Page> page = Promise.promise();
        this.asked = page;
        this.max = max;
        this.maxBytes = maxBytes;
        if (items.isEmpty()) {
            want(true);
        } else {
            give();
        }
        return page.future();
    }

    /** Messages that were read and not delivered go to the next reader. */
    @Override
    public Future<Void> close() {
        open = false;
        asked = null;
        want(false);
        waits(bytes(items));
        return Future.succeededFuture();
    }

    @Override
    public void giveBack(JsonArray unread) {
        items = unread.addAll(items);
    }

    @Override
    public void read(boolean on) {
        look();
    }

    @Override
    public void drop(CallException why) {
        JsonArray all = items;
        items = new JsonArray();
        waits(0);
        items.add(dropped.apply(all, why));
    }

    /** The connector has closed. */
    void release() {
        account.close();
    }

    /** A new connection, which is paused. */
    void opened(FramedConnection connection) {
        connections.add(connection);
        if (reading) {
            connection.resume();
        }
    }

    void closed(FramedConnection connection) {
        connections.remove(connection);
    }

    /** Adds one item; further items of this turn of the event loop go into the same page. */
    void add(FramedConnection connection, JsonObject item, int payloadBytes) {
        if (items.isEmpty()) {
            vertx.runOnContext(v -> give());
        }
        items.add(item);
        last = connection;
        if (asked == null) {
            waits(waitingBytes + JsonWeight.of(item));
            return;
        }
        bytes += ITEM_BYTES + payloadBytes;
        if (items.size() >= max || bytes >= maxBytes) {
            give();
        }
    }

    private void give() {
        Promise<Page> page = asked;
        if (page != null && !items.isEmpty()) {
            Page full = new Page(first(max), false);
            bytes = 0;
            asked = null;
            if (last != null && connections.remove(last)) {
                connections.add(last);
            }
            last = null;
            page.complete(full);
            // A fast reader has already asked for the next page, so the sockets need not stop.
            want(asked != null);
        }
    }

    /** There may be more items than one page takes: another reader left them. */
    private JsonArray first(int count) {
        List<?> all = items.getList();
        int end = Math.min(count, all.size());
        items = new JsonArray(new ArrayList<>(all.subList(end, all.size())));
        JsonArray first = new JsonArray(new ArrayList<>(all.subList(0, end)));
        if (waitingBytes > 0) {
            waits(items.isEmpty() ? 0 : waitingBytes - bytes(first));
        }
        return first;
    }

    private static long bytes(JsonArray items) {
        return JsonWeight.of(items) - JsonWeight.VALUE_BYTES;
    }

    private void waits(long heldBytes) {
        waitingBytes = heldBytes;
        account.holds(heldBytes);
    }

    private void want(boolean on) {
        wanted = on;
        look();
    }

    private void look() {
        boolean on = wanted && account.mayRead();
        if (reading != on) {
            reading = on;
            vertx.cancelTimer(timer);
            if (on) {
                readOn();
            } else {
                connections.forEach(FramedConnection::pause);
            }
        }
    }

    private void readOn() {
        int backlogs = 0;
        for (FramedConnection each : connections) {
            if (!each.isStuck() || backlogs++ < BACKLOGS) {
                each.resume();
            }
        }
        if (backlogs > BACKLOGS) {
            timer = vertx.setTimer(NEXT_BACKLOGS_MILLIS, t -> readOn());
        }
    }
}
