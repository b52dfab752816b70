package dev.polywire.framed.service;

import dev.polywire.core.bus.stream.StreamSource;
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
import org.jspecify.annotations.Nullable;

/**
 * The incoming messages of all connections, as a stream that one reader at a time has open. The sockets are read only
 * while a page is asked for and not full, so no message ever waits here: messages without a demand stay in the sockets.
 */
final class FramedInbox implements StreamSource {

    /** The cost of an item beside its payload: its object, and the id of its connection. */
    private static final int ITEM_BYTES = 64;

    private final Vertx vertx;
    /** In the order in which they are read: a connection that has filled a page goes to the end. */
    private final Set<FramedConnection> connections = new LinkedHashSet<>();

    private @Nullable Promise<Page> asked;
    private JsonArray items = new JsonArray();
    private boolean open;
    private boolean reading;
    private int max;
    private int maxBytes;
    private long bytes;

    FramedInbox(Vertx vertx) {
        this.vertx = vertx;
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
            read(true);
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
        read(false);
        return Future.succeededFuture();
    }

    @Override
    public void giveBack(JsonArray unread) {
        items = unread.addAll(items);
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
        bytes += ITEM_BYTES + payloadBytes;
        if (items.size() >= max || bytes >= maxBytes) {
            if (connections.remove(connection)) {
                connections.add(connection);
            }
            give();
        }
    }

    private void give() {
        Promise<Page> page = asked;
        if (page != null && !items.isEmpty()) {
            Page full = new Page(first(max), false);
            bytes = 0;
            asked = null;
            page.complete(full);
            // A fast reader has already asked for the next page, so the sockets need not stop.
            read(asked != null);
        }
    }

    /** There may be more items than one page takes: another reader left them. */
    private JsonArray first(int count) {
        List<?> all = items.getList();
        int end = Math.min(count, all.size());
        items = new JsonArray(new ArrayList<>(all.subList(end, all.size())));
        return new JsonArray(new ArrayList<>(all.subList(0, end)));
    }

    private void read(boolean on) {
        if (reading != on) {
            reading = on;
            connections.forEach(on ? FramedConnection::resume : FramedConnection::pause);
        }
    }
}
