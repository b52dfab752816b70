package dev.polywire.embedded;

import dev.polywire.bolt.service.BoltQueryService;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceBinder;

/** The echo server behind a Bolt server: a query's one row is the query and its parameters. */
public final class BoltEchoVerticle extends VerticleBase implements BoltQueryService {

    private static final JsonArray FIELDS = new JsonArray().add("statement").add("parameters");

    private final String address;

    /** @param address to which a Bolt server sends its queries */
    public BoltEchoVerticle(String address) {
        this.address = address;
    }

    @Override
    public Future<?> start() {
        MessageConsumer<JsonObject> here =
                new ServiceBinder(vertx).setAddress(address).register(BoltQueryService.class, this);
        return here.completion();
    }

    @Override
    public Future<JsonObject> run(String query, JsonObject parameters, JsonObject options, JsonObject session) {
        JsonArray row = new JsonArray().add(query).add(parameters);
        return Future.succeededFuture(new JsonObject().put("fields", FIELDS).put("records", new JsonArray().add(row)));
    }

    @Override
    public Future<JsonObject> authenticate(JsonObject token, JsonObject session) {
        return Future.failedFuture(Failure.UNAUTHENTICATED.because("an echo knows nobody"));
    }

    @Override
    public Future<JsonObject> begin(JsonObject options, JsonObject session) {
        return Future.failedFuture(Failure.BAD_REQUEST.because("an echo has no transactions"));
    }
}
