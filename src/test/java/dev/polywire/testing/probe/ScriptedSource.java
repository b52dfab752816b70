package dev.polywire.testing.probe;

import dev.polywire.core.bus.stream.StreamSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A source whose pages come when the test says so. */
public final class ScriptedSource implements StreamSource {

    /** {@code max} of each pull so far. */
    public final List<Integer> credits = new ArrayList<>();

    /** What was given back. */
    public final List<Object> returned = new ArrayList<>();

    private final Queue<Promise<Page>> pulls = new ArrayDeque<>();
    private int closed;

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        credits.add(max);
        Promise<Page> promise = Promise.promise();
        pulls.add(promise);
        return promise.future();
    }

    @Override
    public void giveBack(JsonArray items) {
        items.forEach(returned::add);
    }

    @Override
    public Future<Void> close() {
        closed++;
        return Future.succeededFuture();
    }

    /** Pulls without a page. */
    public int pending() {
        return pulls.size();
    }

    public int closed() {
        return closed;
    }

    /** The oldest pull gets these items. */
    public void give(Object... items) {
        pulls.remove().complete(new Page(new JsonArray(List.of(items)), false));
    }

    /** The oldest pull gets these items, behind which a new stream goes on at {@code place}. */
    public void resume(int place, Object... items) {
        JsonObject resume = new JsonObject().put("place", place);
        pulls.remove().complete(new Page(new JsonArray(List.of(items)), false, -1, resume));
    }

    /** The oldest pull gets these items, and they are the last ones. */
    public void giveLast(Object... items) {
        pulls.remove().complete(new Page(new JsonArray(List.of(items)), true));
    }

    public void fail(Throwable cause) {
        pulls.remove().fail(cause);
    }
}
