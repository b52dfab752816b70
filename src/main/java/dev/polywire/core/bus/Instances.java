package dev.polywire.core.bus;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.OwnContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * All connector instances of a Vert.x instance. Those of one connector share its address, so a {@code status} there is that of one
 * of them; here all are asked at once:
 *
 * <pre>
 *   polywire.instances, action status, {addresses: [...]}      absent: all
 *   {instances: [the status of each, without memory],
 *    connectors: [{name, protocol, address, instances, ready, inFlight, streams, counters}],    the sums
 *    memory}
 * </pre>
 *
 * <p>It answers to senders of the same Vert.x instance only: each node of a cluster has its own. An instance whose event loop does
 * not answer has the state {@code no answer}. May be used from any thread.
 */
public final class Instances implements Shareable {

    public static final String ADDRESS = "polywire.instances";

    /** The one action. */
    public static final String STATUS = "status";

    private static final String MAP = "polywire.instances";

    /** Long for an event loop, short for a person. */
    private static final long ANSWER_MILLIS = 2_000;

    private final Vertx vertx;
    private final Set<Instance> instances = ConcurrentHashMap.newKeySet();
    private final Future<Void> ready;

    private record Instance(Context context, String name, String address, Supplier<JsonObject> status) {}

    private Instances(Vertx vertx) {
        this.vertx = vertx;
        this.ready = new OwnContext(vertx)
                .call(() -> vertx.eventBus().localConsumer(ADDRESS, this::asked).completion());
    }

    /** Those of a Vert.x instance. */
    public static Instances of(Vertx vertx) {
        return vertx.sharedData()
                .<String, Instances>getLocalMap(MAP)
                .computeIfAbsent(MAP, first -> new Instances(Failure.install(vertx)));
    }

    /** Completes when it can be asked. */
    public Future<Void> ready() {
        return OwnContext.here(vertx, ready);
    }

    /** Adds one; the returned action removes it. @param status runs on the context of the caller */
    Runnable add(ConnectorOptions options, Supplier<JsonObject> status) {
        Instance instance = new Instance(vertx.getOrCreateContext(), options.name(), options.address(), status);
        instances.add(instance);
        return () -> instances.remove(instance);
    }

    private void asked(Message<Object> message) {
        List<String> addresses;
        boolean all;
        try {
            if (!STATUS.equals(message.headers().get("action"))) {
                throw new FieldException("action", "unknown (expected: " + STATUS + ")");
            }
            Fields body = Fields.of(message.body() instanceof JsonObject json ? json : null);
            all = !body.has("addresses");
            addresses = body.texts("addresses");
            body.done();
        } catch (FieldException no) {
            message.reply(Failure.BAD_REQUEST.because(no.getMessage()));
            return;
        }
        List<Future<JsonObject>> asked = instances.stream()
                .filter(each -> all || addresses.contains(each.address))
                .map(this::status)
                .toList();
        Future.all(asked)
                .onSuccess(answered -> message.reply(described(asked.stream()
                        .map(Future::result)
                        .sorted(Instances.ORDER)
                        .toList())));
    }

    private Future<JsonObject> status(Instance instance) {
        Promise<JsonObject> status = Promise.promise();
        long timer = vertx.setTimer(
                ANSWER_MILLIS,
                late -> status.tryComplete(new JsonObject()
                        .put("name", instance.name)
                        .put("address", instance.address)
                        .put("state", "no answer")));
        instance.context.runOnContext(now -> status.tryComplete(instance.status.get()));
        return status.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private static final Comparator<JsonObject> ORDER = Comparator.comparing(
                    (JsonObject each) -> each.getString("address"))
            .thenComparing(each -> each.getString("instance", ""));

    private JsonObject described(List<JsonObject> statuses) {
        Map<String, JsonObject> sums = new TreeMap<>();
        JsonArray all = new JsonArray();
        for (JsonObject each : statuses) {
            all.add(each);
            JsonObject sum = sums.computeIfAbsent(
                    each.getString("address"),
                    address -> new JsonObject()
                            .put("name", each.getString("name"))
                            .put("address", address)
                            .put("counters", new JsonObject()));
            if (each.containsKey("protocol")) {
                sum.put("protocol", each.getString("protocol"));
            }
            add(sum, "instances", 1);
            add(sum, "ready", ConnectorState.READY.word().equals(each.getString("state")) ? 1 : 0);
            add(sum, "inFlight", each.getLong("inFlight", 0L));
            add(sum, "streams", each.getLong("streams", 0L));
            JsonObject counters = sum.getJsonObject("counters");
            each.getJsonObject("counters", new JsonObject()).fieldNames().stream()
                    .filter(name -> !name.equals(Connector.OF_ALL))
                    .forEach(name ->
                            add(counters, name, each.getJsonObject("counters").getLong(name)));
        }
        return new JsonObject()
                .put("instances", all)
                .put("connectors", new JsonArray(List.copyOf(sums.values())))
                .put("memory", MemoryBudget.of(vertx).status());
    }

    private static void add(JsonObject sum, String name, long more) {
        sum.put(name, sum.getLong(name, 0L) + more);
    }
}
