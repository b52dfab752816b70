package dev.polywire.embedded;

import dev.polywire.core.bus.StreamReader;
import dev.polywire.framed.service.FramedService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;

/** The echo server: answers each framed message with {@code server replied: ...}. Its whole world is the event bus. */
public final class EchoVerticle extends VerticleBase {

    private final String address;

    /** @param address of a framed server with the codec {@code utf8} */
    public EchoVerticle(String address) {
        this.address = address;
    }

    @Override
    public Future<?> start() {
        FramedService framed = FramedService.proxy(vertx, address);
        return framed.open()
                .onSuccess(handle -> new StreamReader(vertx, handle).handler(item -> {
                    JsonObject message = (JsonObject) item;
                    if (message.containsKey("text")) {
                        framed.send(message.put("text", "server replied: " + message.getString("text")));
                    }
                }));
    }
}
