package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** What a bridge has done since it started; one context. */
final class BridgeCounters {

    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private long sockets;
    private long frames;
    private long requests;
    private long failed;
    private long givenUp;
    private long slowConsumers;

    void socket() {
        sockets++;
    }

    void frame() {
        frames++;
    }

    void request() {
        requests++;
    }

    void refused(Refusal why) {
        refused.merge(why, 1L, Long::sum);
    }

    void failed() {
        failed++;
    }

    /** Requests without an answer when their client, or the bridge, left. */
    void gaveUp(int count) {
        givenUp += count;
    }

    void slowConsumer() {
        slowConsumers++;
    }

    JsonObject json() {
        JsonObject byWord = new JsonObject();
        refused.forEach((refusal, count) -> byWord.put(refusal.word(), count));
        return new JsonObject()
                .put("sockets", sockets)
                .put("frames", frames)
                .put("requests", requests)
                .put("failed", failed)
                .put("givenUp", givenUp)
                .put("slowConsumers", slowConsumers)
                .put("refused", byWord);
    }
}
