package dev.polywire.framed.service;

import dev.polywire.core.bus.stream.ItemQueue;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import dev.polywire.framed.client.FramedConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The incoming messages of all connections, as a stream that one reader at a time has open. The sockets are read only
 * while a page is asked for and not full, so only what a reader has given back waits here: messages without a demand stay in
 * the sockets.
 */
final class FramedInbox implements StreamSource, MemoryHolder {

    /** Connections with more in the kernel that are read at a time: else each of them could fill the heap with half a message. */
    private static final int BACKLOGS = 4;
    /** After this long without a message, as many again are read: those before may never finish theirs. */
    private static final long NEXT_BACKLOGS_MILLIS = 100;

    private record Message(Object item, long heldBytes) implements ItemQueue.Entry {}

    private final Vertx vertx;
    private final MemoryAccount account;
    private final BiFunction<JsonArray, CallException, JsonObject> dropped;
    /** In the order in which they are read: the connection of a page's last item goes to the end. */
    private final Set<FramedConnection> connections = new LinkedHashSet<>();

    private final ItemQueue<Message> queue;
    private boolean open;
    /** Whether a page is asked for. */
    private boolean wanted;

    private boolean reading;
    private @Nullable FramedConnection last;
    private long timer = -1;

    /**
     * @param name of its connector
     * @param dropped is given the items that are dropped because they take too much memory; its result, in their place, tells
     *     the next reader
     */
    FramedInbox(Vertx vertx, String name, BiFunction<JsonArray, CallException, JsonObject> dropped) {
        this.vertx = vertx;
        this.account = MemoryBudget.of(vertx).open(name + ", items", this);
        this.dropped = dropped;
        this.queue = new ItemQueue<>(vertx, taken -> {}, this::gave);
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
        Future<Page> page = queue.pull(max, maxBytes);
        want(queue.isAsked());
        return page;
    }

    /** Messages that were read and not delivered go to the next reader. */
    @Override
    public Future<Void> close() {
        open = false;
        queue.forgetReader();
        want(false);
        count();
        return Future.succeededFuture();
    }

    @Override
    public void giveBack(JsonArray unread) {
        queue.addFirst(unread.stream().map(FramedInbox::message).toList());
    }

    @Override
    public void read(boolean on) {
        look();
    }

    @Override
    public void drop(CallException why) {
        JsonArray all = new JsonArray();
        queue.clear().forEach(each -> all.add(each.item()));
        count();
        queue.add(message(dropped.apply(all, why)));
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

    void add(FramedConnection connection, JsonObject item) {
        last = connection;
        queue.add(message(item));
        if (!queue.isAsked()) {
            count();
        }
    }

    private static Message message(Object item) {
        return new Message(item, JsonWeight.of(item));
    }

    private void gave() {
        if (last != null && connections.remove(last)) {
            connections.add(last);
        }
        last = null;
        count();
        // A fast reader has already asked for the next page, so the sockets need not stop.
        want(queue.isAsked());
    }

    private void count() {
        account.holds(queue.heldBytes());
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
