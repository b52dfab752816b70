package dev.polywire.bridge;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** The counters of a bridge since its start; used on one context. */
final class BridgeCounters {

    private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    private long sockets;
    private long refusedSockets;
    private long logins;
    private long frames;
    private long requests;
    private long failed;
    private long givenUp;
    private long served;
    private long servedTooLate;
    private long heard;
    private long notPermitted;
    private long slowConsumers;

    void socket() {
        sockets++;
    }

    /** A socket beyond the limit, or after the bridge has begun to leave. */
    void refusedSocket() {
        refusedSockets++;
    }

    void login() {
        logins++;
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

    /** A message for a client that serves its address. */
    void served() {
        served++;
    }

    /** A client did not answer by the deadline. */
    void servedTooLate() {
        servedTooLate++;
    }

    /** A published message for a client that listens. */
    void heard() {
        heard++;
    }

    /** A message without permission: sent to a client that only listens, or published to one that only serves. */
    void notPermitted() {
        notPermitted++;
    }

    void slowConsumer() {
        slowConsumers++;
    }

    JsonObject json() {
        JsonObject byWord = new JsonObject();
        refused.forEach((refusal, count) -> byWord.put(refusal.word(), count));
        return new JsonObject()
                .put("sockets", sockets)
                .put("refusedSockets", refusedSockets)
                .put("logins", logins)
                .put("frames", frames)
                .put("requests", requests)
                .put("failed", failed)
                .put("givenUp", givenUp)
                .put("served", served)
                .put("servedTooLate", servedTooLate)
                .put("heard", heard)
                .put("notPermitted", notPermitted)
                .put("slowConsumers", slowConsumers)
                .put("refused", byWord);
    }
}
