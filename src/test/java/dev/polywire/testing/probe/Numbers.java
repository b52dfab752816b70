package dev.polywire.testing.probe;

import dev.polywire.core.bus.stream.StreamSource;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.concurrent.atomic.AtomicInteger;

/** The numbers from 1 to {@code count}, at once. */
public class Numbers implements StreamSource {

    private final int count;
    private final AtomicInteger closed;
    private int last;

    /** @param closed counts the calls of {@code close} */
    public Numbers(int count, AtomicInteger closed) {
        this.count = count;
        this.closed = closed;
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        JsonArray items = new JsonArray();
        while (items.size() < max && last < count) {
            items.add(++last);
        }
        return Future.succeededFuture(new Page(items, last == count));
    }

    @Override
    public Future<Void> close() {
        closed.incrementAndGet();
        return Future.succeededFuture();
    }
}
