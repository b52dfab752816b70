package dev.polywire.framed.service;

import dev.polywire.core.bus.StreamSource;
import dev.polywire.framed.client.FramedConnection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of incoming messages. The sockets are read only while a page is asked for and not full, so nothing is ever
 * queued here: what nobody asked for stays in the sockets.
 */
final class FramedInbox implements StreamSource {

    private final Vertx vertx;
    private final Supplier<Collection<FramedConnection>> connections;
    private final Runnable closed;
    private @Nullable Promise<Page> asked;
    private JsonArray items = new JsonArray();
    private int max;
    private int maxBytes;
    private int bytes;

    FramedInbox(Vertx vertx, Supplier<Collection<FramedConnection>> connections, Runnable closed) {
        this.vertx = vertx;
        this.connections = connections;
        this.closed = closed;
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        Promise<Page> page = Promise.promise();
        this.asked = page;
        this.max = max;
        this.maxBytes = maxBytes;
        if (items.isEmpty()) {
            connections.get().forEach(FramedConnection::resume);
        } else {
            give();
        }
        return page.future();
    }

    @Override
    public Future<Void> close() {
        asked = null;
        connections.get().forEach(FramedConnection::pause);
        closed.run();
        return Future.succeededFuture();
    }

    /** A new connection is read when somebody asks. */
    void opened(FramedConnection connection) {
        if (asked != null) {
            connection.resume();
        }
    }

    /** Adds one item; what else arrives in this turn of the event loop goes into the same page. */
    void add(JsonObject item, int payloadBytes) {
        if (items.isEmpty()) {
            vertx.runOnContext(v -> give());
        }
        items.add(item);
        bytes += payloadBytes;
        if (items.size() >= max || bytes >= maxBytes) {
            give();
        }
    }

    private void give() {
        Promise<Page> page = asked;
        if (page != null && !items.isEmpty()) {
            connections.get().forEach(FramedConnection::pause);
            Page full = new Page(items, false);
            items = new JsonArray();
            bytes = 0;
            asked = null;
            page.complete(full);
        }
    }
}
