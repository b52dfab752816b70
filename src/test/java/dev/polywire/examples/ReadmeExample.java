package dev.polywire.examples;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.mongodb.service.MongoService;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;

/** Inserts two documents and reads them, through a connector at {@code polywire.mongodb}. */
public final class ReadmeExample extends VerticleBase {

    private final Consumer<String> print;

    /** @param print {@code System.out::println}, for one */
    public ReadmeExample(Consumer<String> print) {
        this.print = print;
    }

    @Override
    public Future<?> start() {
        MongoService mongo = MongoService.proxy(vertx, "polywire.mongodb");
        JsonArray planets = new JsonArray()
                .add(new JsonObject().put("_id", 1).put("name", "Earth"))
                .add(new JsonObject().put("_id", 2).put("name", "Mars"));
        JsonObject insert = new JsonObject().put("insert", "planets").put("documents", planets);
        return mongo.command("test", "insert", insert, null)
                .onSuccess(answer -> print.accept("inserted " + answer.getInteger("n")))
                .compose(inserted -> mongo.open("test", "find", new JsonObject().put("find", "planets"), null))
                .compose(this::printAll);
    }

    /** Completes at the end of the stream. */
    private Future<Void> printAll(JsonObject handle) {
        Promise<Void> end = Promise.promise();
        new StreamReader(vertx, handle)
                .exceptionHandler(end::fail)
                .endHandler(end::complete)
                .handler(document -> print.accept("found " + document));
        return end.future();
    }
}
