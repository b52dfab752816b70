package dev.polywire.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Small items, made anew for each batch. */
final class Batches {

    private int items;

    JsonArray next(int count) {
        JsonArray batch = new JsonArray();
        for (int i = 0; i < count; i++) {
            batch.add(new JsonObject().put("number", ++items).put("name", "item"));
        }
        return batch;
    }
}
