package dev.polywire.testing.probe;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.ConnectorState;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** {@link ProbeService} on a {@link Connector}, at {@code polywire.probe} unless configured. */
public final class ProbeVerticle extends VerticleBase implements ProbeService {

    public static final String ADDRESS = "polywire.probe";

    /** Those of {@code hang}, and the sources of {@code open slowly}: the test completes them. */
    public final ConcurrentLinkedQueue<Promise<JsonObject>> hanging = new ConcurrentLinkedQueue<>();

    public final ConcurrentLinkedQueue<Promise<Void>> opening = new ConcurrentLinkedQueue<>();
    public final AtomicInteger closedSources = new AtomicInteger();
    private final ConnectorOptions options;
    private Connector connector;
    private Future<Void> released = Future.succeededFuture();
    private IntFunction<StreamSource> sources = count -> new Numbers(count, closedSources);

    public ProbeVerticle() {
        this(new JsonObject());
    }

    /** @param config of the connector */
    public ProbeVerticle(JsonObject config) {
        options = ConnectorOptions.fromJson(Fields.of(config), "probe");
    }

    public ConnectorOptions options() {
        return options;
    }

    /** Where it runs. */
    public Context home() {
        return context;
    }

    public Connector connector() {
        return connector;
    }

    /** {@code status}, without a request. */
    public JsonObject seen() {
        return Outcome.on(context, () -> Future.succeededFuture(connector.status()));
    }

    /** How the release of the connection ends. */
    public ProbeVerticle releasing(Future<Void> end) {
        released = end;
        return this;
    }

    /** What {@code open} opens. */
    public ProbeVerticle reading(IntFunction<StreamSource> made) {
        sources = made;
        return this;
    }

    @Override
    public Future<?> start() {
        connector = new Connector(vertx, options, "probe", "nobody:0");
        connector.bindings();
        return connector
                .serve(ProbeService.class, this, Set.of("echo", "throw"), this::raw)
                .onSuccess(served -> connector.become(ConnectorState.READY, null));
    }

    @Override
    public Future<Void> stop() {
        return connector.leave(() -> released);
    }

    @Override
    public Future<JsonObject> echo(
            String text, int n, long big, boolean flag, double d, JsonObject extra, JsonArray list) {
        if (extra != null && extra.containsKey("alsoSend")) {
            vertx.eventBus()
                    .send(
                            options.address(),
                            new JsonObject(),
                            new DeliveryOptions()
                                    .addHeader("action", extra.getString("alsoSend"))
                                    .addHeader("mark", "another"));
        }
        return Future.succeededFuture(new JsonObject()
                .put("text", text)
                .put("n", n)
                .put("big", big)
                .put("flag", flag)
                .put("d", d)
                .put("extra", extra)
                .put("list", list)
                .put("mark", connector.requests().current().headers().get("mark")));
    }

    @Override
    public Future<JsonObject> lists(List<String> names, List<Long> numbers, Long wide) {
        return Future.succeededFuture(new JsonObject()
                .put("names", new JsonArray(names))
                .put("numbers", new JsonArray(numbers))
                .put("wide", wide));
    }

    @Override
    public Future<JsonObject> hang(String text) {
        Promise<JsonObject> promise = Promise.promise();
        hanging.add(promise);
        return promise.future();
    }

    @Override
    public Future<JsonObject> expire(boolean precise) {
        Promise<JsonObject> promise = Promise.promise();
        if (precise) {
            connector
                    .requests()
                    .current()
                    .deadline()
                    .whenExpired(() -> promise.fail(Failure.UNAVAILABLE.because("never sent")));
        }
        return promise.future();
    }

    @Override
    public Future<JsonObject> fail(String how) {
        return switch (Fault.valueOf(how)) {
            case THROWN -> throw new IllegalStateException("a secret thrown");
            case PLAIN -> Future.failedFuture(new IllegalStateException("a secret kept"));
            case TYPED -> Future.failedFuture(Failure.NOT_FOUND.because("collection: no such one"));
            case REFUSED ->
                Future.failedFuture(Failure.REFUSED_BY_SERVER.because(
                        "refusé \"x\"",
                        true,
                        true,
                        new JsonObject()
                                .put("code", 11_000)
                                .put("big", 9_007_199_254_740_993L)
                                .put("labels", new JsonArray().add("a"))));
            case UNSENDABLE -> unsendable();
        };
    }

    @Override
    public Future<JsonObject> open(int count, boolean slowly) {
        return connector.streams().open(() -> {
            StreamSource source = sources.apply(count);
            if (!slowly) {
                return Future.succeededFuture(source);
            }
            Promise<Void> promise = Promise.promise();
            opening.add(promise);
            return promise.future().map(opened -> source);
        });
    }

    @Override
    public Future<JsonObject> bind(int count, String address, JsonObject options) {
        return connector.bindings().bind(address, options, () -> Future.succeededFuture(sources.apply(count)));
    }

    @Override
    public Future<JsonObject> status() {
        return Future.succeededFuture(connector.status());
    }

    private Future<RawDoor.Answer> raw(Request<Buffer> request) {
        if ("throw".equals(request.headers().get("action"))) {
            throw new IllegalStateException("a secret of the raw door");
        }
        return Future.succeededFuture(new RawDoor.Answer(request.body()));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Future<JsonObject> unsendable() {
        return (Future) Future.succeededFuture(new Object());
    }
}
