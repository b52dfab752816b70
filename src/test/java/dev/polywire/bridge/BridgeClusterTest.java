package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A bridge on one node, whoever it speaks with on another. */
class BridgeClusterTest {

    private static LoopbackCluster cluster;
    private static BridgeRig rig;
    private static Vertx elsewhere;

    @BeforeAll
    static void start() {
        cluster = new LoopbackCluster(2);
        elsewhere = Polywire.install(cluster.node(1));
        JsonObject config =
                new JsonObject().put("serve", new JsonArray().add("svc")).put("listen", new JsonArray().add("news"));
        rig = new BridgeRig(cluster.node(0), config, call("sink"), call("news"), call(ProbeVerticle.ADDRESS, "open"));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void whoIsRegisteredIsKnownEverywhereWhenItIsTold() {
        try (BridgeClient client = rig.client().registers("svc")) {
            Future<Message<Object>> asked = elsewhere.eventBus().request("svc", new JsonObject());
            client.answers(client.read(), new JsonObject().put("n", 1));
            assertEquals(new JsonObject().put("n", 1), await(asked).body());

            Future<Message<Object>> failed = elsewhere.eventBus().request("svc", new JsonObject());
            client.frame(new JsonObject()
                    .put("type", "err")
                    .put("address", client.read().getString("replyAddress"))
                    .put("failureCode", 4409));
            assertEquals(4409, ((ServiceException) Outcome.failure(failed)).failureCode());

            Future<Message<Object>> lost = elsewhere.eventBus().request("svc", new JsonObject());
            client.read();
            client.close();
            assertEquals(Failure.NODE_LOST.code(), ((ServiceException) Outcome.failure(lost)).failureCode());
        }
    }

    @Test
    void whoChangesItsMindHearsOfBoth() {
        try (BridgeClient client = rig.client()) {
            for (int i = 0; i < 20; i++) {
                client.frame(frame("register", "one")).frame(frame("unregister", "two"));
                Set<String> answered =
                        Set.of(client.read().getString("address"), client.read().getString("address"));
                assertEquals(Set.of("one", "two"), answered);
            }
            client.pings();
        }
    }

    private static JsonObject frame(String type, String replyAddress) {
        return new JsonObject().put("type", type).put("address", "svc").put("replyAddress", replyAddress);
    }

    /** A cluster of ours takes no Java objects, and a number of that size would be one. */
    @Test
    void anAnswerThatTheBusCannotCarryIsAFailure() {
        cluster.node(0).eventBus().serializableChecker(type -> false);
        try (BridgeClient client = rig.client().registers("svc")) {
            Future<Message<Object>> asked = elsewhere.eventBus().request("svc", new JsonObject());
            String replyAddress = client.read().getString("replyAddress");
            client.text("{\"type\":\"send\",\"address\":\"" + replyAddress + "\",\"body\":999999999999999999999999}");
            assertEquals("bad_body", client.read().getString("message"));
            assertEquals(Failure.INTERNAL.code(), ((ServiceException) Outcome.failure(asked)).failureCode());
            client.pings();
        }
    }

    @Test
    void hearsWhatIsPublishedElsewhere() {
        try (BridgeClient client = rig.client().registers("news")) {
            elsewhere.eventBus().publish("news", new JsonObject().put("n", 1));
            assertEquals(1, client.read().getJsonObject("body").getInteger("n"));
        }
    }

    /** Batches come as they are, of which a node without a connector has to be told. */
    @Test
    void readsAStreamFromElsewhere() {
        await(elsewhere.deployVerticle(new ProbeVerticle()));
        try (BridgeClient client = rig.client()) {
            JsonObject handle = client.request(
                            ProbeVerticle.ADDRESS,
                            "open",
                            new JsonObject().put("count", 2).put("slowly", false))
                    .read()
                    .getJsonObject("body");
            JsonObject question = new JsonObject()
                    .put("id", handle.getString("id"))
                    .put("batch", 1)
                    .put("max", 2);
            JsonObject batch = client.request(handle.getString("address"), "next", question)
                    .read();
            assertEquals(
                    new JsonArray().add(1).add(2), batch.getJsonObject("body").getJsonArray("items"));
        }
    }

    /** More than may be on their way at once: the client waits, and nothing is lost or overtaken. */
    @Test
    void whatNobodyAnswersArrivesInOrder() {
        List<Integer> arrived = new CopyOnWriteArrayList<>();
        await(elsewhere
                .eventBus()
                .<JsonObject>consumer(
                        "sink", message -> arrived.add(message.body().getInteger("n")))
                .completion());
        JsonObject refusedBefore = rig.counters().getJsonObject("refused");
        int count = 3_000;
        try (BridgeClient client = rig.client()) {
            for (int i = 0; i < count; i++) {
                client.frame(new JsonObject()
                        .put("type", "send")
                        .put("address", "sink")
                        .put("body", new JsonObject().put("n", i)));
            }
            client.pings();
            await().until(() -> arrived.size() == count);
        }
        assertEquals(IntStream.range(0, count).boxed().toList(), arrived);
        assertEquals(refusedBefore, rig.counters().getJsonObject("refused"));
    }
}
