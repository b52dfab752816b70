package dev.polywire.framed.service;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.testing.EveryCut;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.TrueOutcomes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and replies over a connection that is cut behind every byte. */
class FramedCutTest {

    private final FramedBus bus = new FramedBus();
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private final TrueOutcomes outcomes = new TrueOutcomes();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void everyCut() {
        int port = bus.server(new JsonObject().put("correlation", true).put("codec", "utf8"));
        JsonObject handle = Outcome.value(bus.server().open());
        Outcome.on(
                bus.vertx,
                () -> Future.succeededFuture(
                        new StreamReader(bus.vertx, handle).handler(item -> answer((JsonObject) item))));
        EveryCut.of(port, 17, this::converse);
        outcomes.verify(heard);
    }

    /** What was cut off is an item without a request. */
    private void answer(JsonObject item) {
        if (item.containsKey("request")) {
            heard.add(item.getString("text"));
            bus.server().send(item);
        }
    }

    private Future<?> converse(int port, int number) {
        JsonObject settings = new JsonObject()
                .put("name", "f" + number)
                .put("port", port)
                .put("correlation", true)
                .put("codec", "utf8");
        return bus.deploying(new FramedClientVerticle(), settings).compose(id -> {
            FramedService framed = FramedService.proxy(bus.vertx, "polywire.f" + number);
            return Future.join(request(framed, "a" + number), request(framed, "b" + number))
                    .compose(both -> request(framed, "c" + number))
                    .eventually(() -> bus.vertx.undeploy(id));
        });
    }

    private Future<Void> request(FramedService framed, String text) {
        return outcomes.write(text, framed.request(new JsonObject().put("text", text)));
    }
}
