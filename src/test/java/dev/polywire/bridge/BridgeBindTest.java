package dev.polywire.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Canary;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client binds sends items only where the client's permission says. */
class BridgeBindTest {

    private static final String ORDERS = "orders.incoming";
    private static final String SECRET = "orders.secret";
    private static final String TOKEN = Canary.of("binder");
    private static final String ROOM = ".bindings." + UUID.randomUUID();

    private final BridgeRig rig = new BridgeRig(permitting("*", ORDERS));
    private final BridgeClient client = rig.client();
    private final ProbeVerticle probe = new ProbeVerticle();

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    /** The configuration of a bridge with one client. @param deliver where its items may go; none: nowhere */
    private static JsonObject permitting(Object actions, String... deliver) {
        JsonArray call = new JsonArray();
        for (String service : List.of(ProbeVerticle.ADDRESS, "svc")) {
            JsonObject one = new JsonObject().put("address", service).put("actions", actions);
            call.add(deliver.length == 0 ? one : one.put("deliver", new JsonArray(List.of(deliver))));
        }
        return new JsonObject()
                .put(
                        "clients",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "binder")
                                        .put("token", TOKEN)
                                        .put("call", call)));
    }

    private void probing() {
        BridgeRig.await(rig.vertx.deployVerticle(probe));
        client.logsIn(TOKEN);
    }

    private JsonObject bind(Object to) {
        return client.request(
                        ProbeVerticle.ADDRESS,
                        "bind",
                        new JsonObject().put("count", 3).put("address", to))
                .read();
    }

    private static void assertDenied(JsonObject answer) {
        assertEquals("access_denied", answer.getString("message"), answer.encode());
        assertEquals(4403, answer.getInteger("failureCode"), answer.encode());
    }

    private int bindings() {
        return probe.seen().getJsonArray("bindings").size();
    }

    private void reload(JsonObject config) {
        BridgeRig.await(rig.reload(config));
    }

    @Test
    void itemsGoWhereThePermissionSays() {
        probing();
        Consumers.One consumer = new Consumers(rig.vertx, ORDERS).join();
        assertEquals("message", bind(ORDERS).getString("type"));
        await().until(() -> consumer.items().equals(List.of(1, 2, 3)));
    }

    /** Also not where the client may send requests itself: an item is no request of its making. */
    @ParameterizedTest
    @ValueSource(strings = {SECRET, "svc", "orders", ORDERS + ".raw", ProbeVerticle.ADDRESS, "__vertx.reply.1", ""})
    void theyGoNowhereElse(String address) {
        probing();
        Consumers.One consumer = new Consumers(rig.vertx, SECRET).join();
        assertDenied(bind(address));
        assertEquals(0, bindings());
        assertEquals(List.of(), consumer.items());
    }

    @Test
    void whoSaysNoAddressBindsNothing() {
        probing();
        assertDenied(bind(null));
        assertDenied(bind(7));
        assertDenied(client.request(ProbeVerticle.ADDRESS, "bind", null).read());
        assertDenied(client.request(ProbeVerticle.ADDRESS, new JsonObject().put("Action", "bind"), new JsonObject())
                .read());
    }

    @Test
    void aMessageWithoutAnAnswerIsNoWayRound() {
        probing();
        for (String type : List.of("send", "publish")) {
            assertDenied(client.frame(new JsonObject()
                            .put("type", type)
                            .put("address", ProbeVerticle.ADDRESS)
                            .put("headers", new JsonObject().put("action", "bind"))
                            .put("body", new JsonObject().put("count", 3).put("address", SECRET)))
                    .read());
        }
        assertEquals(0, bindings());
    }

    @Test
    void whereNothingIsSaidNothingIsDelivered() {
        probing();
        reload(permitting("*"));
        assertDenied(bind(ORDERS));
        assertDenied(bind(SECRET));
    }

    /** Three items nobody takes: without the reload the bindings would wait for ever. */
    @Test
    void aReloadClosesWhatIsNotPermittedAnyMore() {
        probing();
        reload(permitting("*", ORDERS, SECRET));
        JsonObject kept = bind(ORDERS).getJsonObject("body");
        JsonObject closed = bind(SECRET).getJsonObject("body");
        assertEquals(2, bindings());
        reload(permitting("*", ORDERS));
        await().until(() -> bindings() == 1);
        assertEquals(ORDERS, status(kept).getJsonObject("body").getString("address"));
        assertDenied(status(closed));

        reload(permitting(new JsonArray().add("ping")));
        await().until(() -> bindings() == 0);
    }

    @Test
    void aReloadWithoutTheServiceClosesItsBindings() {
        probing();
        bind(ORDERS);
        JsonObject config = permitting("*", ORDERS);
        config.getJsonArray("clients").getJsonObject(0).getJsonArray("call").remove(0);
        reload(config);
        await().until(() -> bindings() == 0);
    }

    @Test
    void whatIsBoundDuringTheReloadIsClosed() {
        List<Message<Object>> asked = new CopyOnWriteArrayList<>();
        List<String> heard = new CopyOnWriteArrayList<>();
        rig.vertx.eventBus().consumer("svc", asked::add);
        rig.vertx
                .eventBus()
                .<JsonObject>consumer(
                        "svc" + ROOM, message -> heard.add(message.headers().get("action") + " " + message.body()));
        client.logsIn(TOKEN);
        client.request("svc", "bind", new JsonObject().put("address", ORDERS));
        await().until(() -> asked.size() == 1);
        reload(permitting("*", SECRET));
        asked.get(0).reply(new JsonObject().put("address", "svc" + ROOM).put("id", "1"));
        assertDenied(client.read());
        await().until(() -> heard.equals(List.of("close {\"id\":\"1\"}")));
    }

    private JsonObject status(JsonObject handle) {
        return client.request(handle.getString("address"), "status", new JsonObject().put("id", handle.getString("id")))
                .read();
    }
}
