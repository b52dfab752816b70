package dev.polywire.core.bus.watch;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.OwnContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * This node's answer to the node watches of the cluster, which ask which node holds a request. One answer per node:
 *
 * <pre>
 *   polywire.holds, published    {question, answerTo, ids: [reply addresses]}
 *   answerTo, sent               {question, node, held: [the reply addresses that this node will answer]}
 * </pre>
 *
 * Each service that takes requests at an address of ours adds itself; every connector does. May be used from any thread.
 */
public final class Holders implements Shareable {

    /** Where questions are published. No bridge and no binding reaches it, nor an address that begins with it and a dot. */
    public static final String ADDRESS = "polywire.holds";

    private static final String MAP = "polywire.holders";

    private final Vertx vertx;
    private final String node = UUID.randomUUID().toString();
    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
    private final Future<Void> ready;

    /** A service that takes requests. */
    private record Holder(Context context, Predicate<String> holds) {

        /** Runs after every request that its context received before the question. */
        Future<List<Object>> held(JsonArray ids) {
            Promise<List<Object>> held = Promise.promise();
            context.runOnContext(now -> held.complete(
                    ids.stream().filter(id -> holds.test((String) id)).toList()));
            return held.future();
        }
    }

    private Holders(Vertx vertx) {
        this.vertx = vertx;
        this.ready = new OwnContext(vertx)
                .call(() -> vertx.eventBus().consumer(ADDRESS, this::asked).completion());
    }

    /** The holders of a Vert.x instance. */
    public static Holders of(Vertx vertx) {
        return vertx.sharedData()
                .<String, Holders>getLocalMap(MAP)
                .computeIfAbsent(MAP, first -> new Holders(Failure.install(vertx)));
    }

    /** Completes when questions reach this node; a service that takes requests waits for it. */
    public Future<Void> ready() {
        return OwnContext.here(vertx, ready);
    }

    /**
     * Adds a service that takes requests; the returned action removes it.
     *
     * @param holds whether a request has arrived and has no answer yet, by its reply address; runs on the context of the
     *     caller, which must be the one that takes the requests
     */
    public Runnable add(Predicate<String> holds) {
        Holder holder = new Holder(vertx.getOrCreateContext(), holds);
        holders.add(holder);
        return () -> holders.remove(holder);
    }

    private void asked(Message<JsonObject> message) {
        JsonObject question = message.body();
        JsonArray ids = question.getJsonArray("ids");
        List<Future<List<Object>>> asked =
                holders.stream().map(holder -> holder.held(ids)).toList();
        Future.all(asked).onSuccess(all -> {
            JsonArray held = new JsonArray();
            asked.forEach(each -> each.result().forEach(held::add));
            vertx.eventBus()
                    .send(
                            question.getString("answerTo"),
                            new JsonObject()
                                    .put("question", question.getLong("question"))
                                    .put("node", node)
                                    .put("held", held));
        });
    }
}
