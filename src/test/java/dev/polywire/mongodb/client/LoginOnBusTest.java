package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.testing.Canary;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** M41 for a connector: its status, its events, its failures and its log name neither the user nor the password. */
class LoginOnBusTest {

    private final LoginStage stage = new LoginStage();
    private final LoggedTraces log = new LoggedTraces();
    private final List<String> shown = new CopyOnWriteArrayList<>();

    LoginOnBusTest() {
        stage.vertx.eventBus().addInboundInterceptor(delivery -> {
            shown.add(delivery.message().address() + " " + delivery.body());
            delivery.next();
        });
    }

    @AfterEach
    void close() {
        stage.close();
        log.close();
    }

    private MongoService deployed() {
        JsonObject config = new JsonObject()
                .put(
                        "uri",
                        "mongodb://" + LoginStage.USER.user() + ":" + LoginStage.USER.password() + "@127.0.0.1:"
                                + stage.port + "/?authSource=admin");
        Outcome.value(stage.vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
        return MongoService.proxy(stage.vertx, "polywire.mongodb", 30_000);
    }

    private void silent(JsonObject status) {
        String all = status.encode() + shown + log.text();
        assertFalse(all.contains(Canary.SONG), all);
    }

    @Test
    void letIn() {
        MongoService mongo = deployed();
        assertEquals(new JsonObject().put("ok", 1.0), Outcome.value(mongo.ping()));
        JsonObject status = Outcome.value(mongo.status());
        assertEquals("ready", status.getString("state"));
        silent(status);
    }

    /** Callers are told at once. */
    @Test
    void refused() {
        stage.knows(Manner.TODAY, new MongoCredential(LoginStage.USER.user(), "another", "admin"), LoginStage.BOTH);
        MongoService mongo = deployed();
        ServiceException failure = (ServiceException) Outcome.failure(mongo.ping());
        assertEquals("UNAUTHENTICATED", failure.getDebugInfo().getString("name"));
        shown.add(failure + failure.getDebugInfo().encode());
        silent(Outcome.value(mongo.status()));
    }

    /** A server that shuts down says nothing about the password: callers wait for it to come back. */
    @Test
    void laterLetIn() {
        AtomicInteger refusals = new AtomicInteger();
        stage.knows(new Manner(true, false, 4_096), LoginStage.USER, LoginStage.BOTH);
        stage.answers = Map.of("saslStart", (peer, request, honest) -> {
            boolean refused = refusals.incrementAndGet() <= 2;
            peer.reply(request, refused ? Documents.bson("{ok: 0, code: 91}") : honest);
        });
        assertEquals(new JsonObject().put("ok", 1.0), Outcome.value(deployed().ping()));
    }
}
