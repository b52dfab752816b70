package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.MongoUser;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Books;
import dev.polywire.testing.CuttingRelay;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Beside a connection that is up a second one dies while it is opened: when it is accepted, in its hello, in its login. Nobody hears of
 * it, and a next one is opened.
 */
class MongoDyingHandshakeTest {

    private static final int CALLERS = 64;
    private static final int PLACES = 8;
    private static final MongoCredential USER = new MongoCredential("user", "canary-7f3a-dying", "admin");
    /** Hello, then two exchanges of the login. */
    private static final MongoUser IN_STEPS =
            new MongoUser(USER, List.of(ScramHash.SHA_256), new Manner(true, false, 4_096));

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void nobodyHearsOfIt() {
        int server = Outcome.value(
                new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), SmallMongoOptions.DEFAULT.locked(IN_STEPS))
                        .listen());
        long[] bytes = new long[2];
        try (CuttingRelay whole = CuttingRelay.counting(server, 1)) {
            deployed("whole", whole.port(), () -> {});
            bytes[0] = whole.bytes(false);
            bytes[1] = whole.bytes(true);
        }
        for (int place = 0; place < PLACES; place++) {
            for (int side = 0; side < 2; side++) {
                String what = "m" + side + place;
                CuttingRelay.Cut cut =
                        new CuttingRelay.Cut(2, side == 1, bytes[side] * place / PLACES, (place + side) % 2 == 0);
                try (CuttingRelay relay = new CuttingRelay(server, cut)) {
                    Books books = new Books();
                    deployed(what, relay.port(), () -> {
                        all(what, books);
                        await(cut.toString()).until(relay::hasCut);
                        all(what, books);
                    });
                    assertEquals(2 * CALLERS, books.ok(), () -> cut + ": " + books);
                }
            }
        }
    }

    /** More than one connection serves at once. */
    private void all(String connector, Books books) {
        MongoService mongo = MongoService.proxy(vertx, "polywire." + connector, 60_000);
        List<Future<JsonObject>> pings =
                IntStream.range(0, CALLERS).mapToObj(n -> mongo.ping()).toList();
        pings.forEach(books::note);
        Outcome.value(Future.join(pings).otherwiseEmpty());
    }

    /** Asks a connector that has one connection, and ends it. */
    private void deployed(String name, int port, Runnable work) {
        JsonObject config = new JsonObject()
                .put("name", name)
                .put("port", port)
                .put("failFast", true)
                .put("heartbeatMillis", 0)
                .put("user", USER.user())
                .put("password", USER.password());
        String id = Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
        work.run();
        Outcome.value(vertx.undeploy(id));
    }
}
