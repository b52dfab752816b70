package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A request on the bus that is answered at once, by a consumer on a context of its own: what the bus alone costs. */
final class BareRequest implements Load {

    private static final String ADDRESS = "bare";

    private final DeliveryOptions options = new DeliveryOptions()
            .addHeader("action", "ping")
            .addHeader("timeout", "25000")
            .setSendTimeout(27_000);
    private @Nullable Vertx vertx;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        return ItemStream.elsewhere(
                vertx,
                () -> vertx.eventBus()
                        .<JsonObject>consumer(ADDRESS, asked -> asked.reply(new JsonObject().put("ok", 1.0)))
                        .completion());
    }

    @Override
    public void run(Window window) {
        window.open(() -> vertx.eventBus()
                .<JsonObject>request(ADDRESS, new JsonObject(), options)
                .onSuccess(answer -> window.ended())
                .onFailure(window::failed));
    }
}
