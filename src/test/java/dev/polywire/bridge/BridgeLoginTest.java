package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens: who comes in, what is heard before, and what a reload changes. */
class BridgeLoginTest {

    private static final String ONE = Canary.of("one");
    private static final String TWO = Canary.of("two");

    private BridgeRig rig;

    private static JsonObject client(String name, String token, String... actions) {
        return new JsonObject()
                .put("name", name)
                .put("token", token)
                .put("call", new JsonArray().add(call("svc", actions)));
    }

    private static JsonObject clients(JsonObject... clients) {
        JsonArray all = new JsonArray();
        for (JsonObject each : clients) {
            all.add(each);
        }
        return new JsonObject().put("clients", all);
    }

    private BridgeClient start(JsonObject config, JsonObject... call) {
        rig = new BridgeRig(config, call);
        rig.vertx
                .eventBus()
                .consumer("svc", message -> message.reply(message.headers().get("action")));
        return rig.client();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static void refused(String word, int code, JsonObject err) {
        assertEquals(word, err.getString("message"), err.encode());
        assertEquals(code, err.getInteger("failureCode"), err.encode());
        assertFalse(err.encode().contains("token-of"), err.encode());
    }

    private static JsonObject ask(BridgeClient client, String action) {
        return client.request("svc", action, null).read();
    }

    /** V21, in its form for TCP. */
    @Test
    void v21NothingIsDoneBeforeLogin() {
        try (BridgeClient client = start(clients(client("one", ONE, "find"), client("two", TWO, "drop")))) {
            refused("not_logged_in", 4401, ask(client, "find"));
            refused("not_logged_in", 4401, client.text("{\"type\":\"ping\"}").read());
            refused("bad_json", 4400, client.text("nope").read());
            assertEquals(new JsonObject().put("type", "auth").put("client", "one"), client.logsIn(ONE));
            assertEquals("find", ask(client, "find").getString("body"));
            refused("access_denied", 4403, ask(client, "drop"));
            refused("already_logged_in", 4409, client.logsIn(TWO));
            refused("access_denied", 4403, ask(client, "drop"));
            client.pings();
            assertEquals(1, rig.counters().getInteger("logins"));
        }
    }

    /** A client does not get more handles by opening more sockets, and takes none from another client. */
    @Test
    void theSocketsOfOneNameShareItsHandles() {
        JsonObject one = client("one", ONE).put("call", new JsonArray().add(call(ProbeVerticle.ADDRESS, "open")));
        JsonObject two = client("two", TWO).put("call", new JsonArray().add(call(ProbeVerticle.ADDRESS, "open")));
        try (BridgeClient first = start(clients(one, two));
                BridgeClient second = rig.client();
                BridgeClient other = rig.client()) {
            await(rig.vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("maxStreamsPerCaller", 2))));
            first.logsIn(ONE);
            second.logsIn(ONE);
            other.logsIn(TWO);
            assertEquals("message", open(first).getString("type"));
            assertEquals("message", open(second).getString("type"));
            assertEquals(4429, open(first).getInteger("failureCode"));
            assertEquals(4429, open(second).getInteger("failureCode"));
            assertEquals("message", open(other).getString("type"));
        }
    }

    private static JsonObject open(BridgeClient client) {
        JsonObject numbers = new JsonObject().put("count", 3).put("slowly", false);
        return client.request(ProbeVerticle.ADDRESS, "open", numbers).read();
    }

    @Test
    void whoNeverLogsInIsToldSoAndClosed() {
        JsonObject config = clients(client("one", ONE)).put("loginTimeoutMillis", 100);
        try (BridgeClient client = start(config)) {
            refused("not_logged_in", 4401, client.read());
            assertEquals(0, client.readsToEnd());
        }
        await().until(() -> rig.counters().getJsonObject("refused").getInteger("not_logged_in") == 1);
    }

    @Test
    void whoSpeaksOfOtherThingsIsClosed() {
        try (BridgeClient client = start(clients(client("one", ONE)))) {
            for (int i = 0; i < 17; i++) {
                client.text("{\"type\":\"ping\"}");
            }
            for (int i = 0; i < 17; i++) {
                refused("not_logged_in", 4401, client.read());
            }
            assertEquals(0, client.readsToEnd());
        }
    }

    @Test
    void aFrameBeforeLoginIsSmall() {
        try (BridgeClient client = start(clients(client("one", ONE, "find")))) {
            JsonObject large = new JsonObject().put("x", "x".repeat(70_000));
            client.logsIn(ONE);
            assertEquals("find", client.request("svc", "find", large).read().getString("body"));
            try (BridgeClient stranger = rig.client()) {
                stranger.raw(new byte[] {0, 1, 0, 1});
                refused("frame_too_large", 4413, stranger.read());
            }
        }
    }

    @Test
    void wrongTokensAreSlowedAndThenNotLookedAt() {
        try (BridgeClient client = start(clients(client("one", ONE)))) {
            client.logsIn(ONE);
            List<BridgeClient> strangers = new ArrayList<>();
            for (int i = 0; i < LoginAttempts.MAX_FAILURES; i++) {
                BridgeClient stranger = rig.client();
                stranger.frame(new JsonObject().put("type", "auth").put("token", "token-of-nobody-" + i));
                strangers.add(stranger.frame(new JsonObject().put("type", "ping")));
            }
            for (BridgeClient stranger : strangers) {
                refused("bad_token", 4401, stranger.read());
                refused("not_logged_in", 4401, stranger.read());
                stranger.close();
            }
            try (BridgeClient stranger = rig.client()) {
                refused("too_many_attempts", 4429, stranger.logsIn(ONE));
            }
            client.pings();
        }
    }

    @Test
    void aClientMayLogInWhereOthersNeedNot() {
        JsonObject config = clients(client("one", ONE, "find"));
        try (BridgeClient named = start(config, call("svc", "ping"));
                BridgeClient anonymous = rig.client()) {
            assertEquals("one", named.logsIn(ONE).getString("client"));
            assertEquals("find", ask(named, "find").getString("body"));
            refused("access_denied", 4403, ask(named, "ping"));
            assertEquals("ping", ask(anonymous, "ping").getString("body"));
            refused("access_denied", 4403, ask(anonymous, "find"));
            refused("already_logged_in", 4409, anonymous.logsIn(ONE));
        }
    }

    @Test
    void aReloadChangesTokensAndPermissionsAndEndsWhoIsGone() {
        try (BridgeClient one = start(clients(client("one", ONE, "find"), client("two", TWO, "find")));
                BridgeClient two = rig.client()) {
            one.logsIn(ONE);
            two.logsIn(TWO);
            await(rig.reload(
                    clients(client("one", "another-token-of-one", "drop"), client("three", "token-of-three-3"))));
            assertEquals("drop", ask(one, "drop").getString("body"));
            refused("access_denied", 4403, ask(one, "find"));
            refused("not_logged_in", 4401, two.read());
            assertEquals(0, two.readsToEnd());
            try (BridgeClient next = rig.client()) {
                refused("bad_token", 4401, next.logsIn(ONE));
                assertEquals("one", next.logsIn("another-token-of-one").getString("client"));
            }
        }
    }

    @Test
    void aReloadEndsStrangersWhenAllMustLogIn() {
        try (BridgeClient stranger = start(new JsonObject(), call("svc"))) {
            stranger.pings();
            await(rig.reload(clients(client("one", ONE))));
            refused("not_logged_in", 4401, stranger.read());
            assertEquals(0, stranger.readsToEnd());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"host\":\"localhost\"}",
                "{\"tls\":{\"certificate\":\"c\",\"key\":\"k\"}}",
                "{\"clients\":[{\"name\":\"one\"}]}",
                "{\"maxFrameBytes\":1}",
                "{\"unknown\":1}",
            })
    void aReloadThatIsRefusedChangesNothing(String config) {
        try (BridgeClient client = start(new JsonObject(), call("svc"))) {
            assertTrue(Outcome.failure(rig.reload(new JsonObject(config))) instanceof FieldException);
            assertEquals("any", ask(client, "any").getString("body"));
        }
    }
}
