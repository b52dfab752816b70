package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The same batches by a request on the bus, its reply, and the next request. The consumer is on a context of its own. */
final class BareBatches implements Load {

    private static final String ADDRESS = "batches";

    private @Nullable Vertx vertx;
    private int seen;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        Batches batches = new Batches();
        return ItemStream.elsewhere(
                vertx,
                () -> vertx.eventBus()
                        .<JsonObject>consumer(
                                ADDRESS,
                                asked -> asked.reply(new JsonObject()
                                        .put("batch", asked.body().getLong("batch"))
                                        .put("items", batches.next(asked.body().getInteger("max")))
                                        .put("done", false)))
                        .completion());
    }

    @Override
    public void run(Window window) {
        seen = 0;
        ask(window, 1);
    }

    private void ask(Window window, long batch) {
        JsonObject question = new JsonObject()
                .put("id", "0123456789abcdef0123456789abcdef")
                .put("batch", batch)
                .put("max", Math.min(ItemStream.MAX, window.operations() - seen));
        vertx.eventBus()
                .<JsonObject>request(ADDRESS, question)
                .onSuccess(reply -> {
                    JsonArray items = reply.body().getJsonArray("items");
                    for (int i = 0; i < items.size(); i++) {
                        seen += items.getJsonObject(i).getString("name").length() / 4;
                    }
                    window.ended(items.size());
                    if (seen < window.operations()) {
                        ask(window, batch + 1);
                    }
                })
                .onFailure(window::failed);
    }
}
