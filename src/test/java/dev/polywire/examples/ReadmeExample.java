package dev.polywire.examples;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.mongodb.service.MongoService;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The README's example, as a verticle. */
final class ReadmeExample extends VerticleBase {

    private final List<String> printed;

    ReadmeExample(List<String> printed) {
        this.printed = printed;
    }

    @Override
    public Future<?> start() {
        // README
        MongoService mongo = MongoService.proxy(vertx, "polywire.mongodb");

        return mongo.command("test", "insert", documents("planets", "Earth", "Mars"), null)
                .onSuccess(answer -> print("inserted " + answer.getInteger("n")))
                .compose(inserted -> mongo.open("test", "find", new JsonObject().put("find", "planets"), null))
                .compose(handle -> {
                    Promise<Void> end = Promise.promise();
                    new StreamReader(vertx, handle)
                            .exceptionHandler(end::fail)
                            .endHandler(end::complete)
                            .handler(document -> print("found " + document));
                    return end.future();
                });
        // README
    }

    private static JsonObject documents(String collection, String... names) {
        JsonArray documents = new JsonArray();
        for (String name : names) {
            documents.add(new JsonObject().put("_id", documents.size() + 1).put("name", name));
        }
        return new JsonObject().put("insert", collection).put("documents", documents);
    }

    private void print(String line) {
        printed.add(line);
    }
}
