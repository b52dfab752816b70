package dev.polywire.mongodb.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.MemoryBudget;
import dev.polywire.mongodb.server.MortalMongo;
import dev.polywire.testing.CuttingRelay;
import dev.polywire.testing.LoopClock;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.util.SplittableRandom;

/** {@link MongoCallers} of a connector whose connections are cut at fifty seeded places while its server is killed ten times. */
final class CutsAndKills {

    private static final int CUTS = 50;
    private static final int KILLS = 10;
    /** Behind the handshake, most of the time. */
    private static final int FEWEST_BYTES = 600;

    private static final int MOST_BYTES = 12_000;
    private static final int MAX_POOL_SIZE = 16;

    private final long seed;
    private MongoCallers callers;

    CutsAndKills(long seed) {
        this.seed = seed;
    }

    /** @return the callers, whose books balance */
    MongoCallers run() {
        SplittableRandom random = new SplittableRandom(seed);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        CuttingRelay[] relay = new CuttingRelay[1];
        try (MortalMongo server = new MortalMongo(MongoCallers.DATABASE + "." + MongoCallers.COLLECTION);
                CuttingRelay cutting = new CuttingRelay(server.port(), number -> cut(relay[0], number))) {
            relay[0] = cutting;
            JsonObject config = new JsonObject()
                    .put("port", cutting.port())
                    .put("maxPoolSize", MAX_POOL_SIZE)
                    .put("heartbeatMillis", 200)
                    .put("connectTimeoutMillis", 1_000);
            String id =
                    Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
            callers = new MongoCallers(vertx, "polywire.mongodb", seed, new LoopClock(vertx)::millis).begin();
            for (int kill = 0; kill < KILLS; kill++) {
                awaitCalls(random.nextInt(100, 400));
                server.kill();
                server.start();
            }
            await("cuts").until(() -> cutting.cuts() >= CUTS);
            Outcome.value(callers.end());
            callers.verify(server.ids());
            Outcome.value(MongoService.proxy(vertx, "polywire.mongodb").ping());
            int connections = server.connections();
            assertTrue(connections <= MAX_POOL_SIZE + 2, "connections: " + connections);
            Outcome.value(vertx.undeploy(id));
            await("all is left").until(() -> server.connections() == 0);
            assertEquals(0, MemoryBudget.of(vertx).heldBytes());
            return callers;
        } finally {
            Outcome.value(vertx.close());
        }
    }

    /** So many more have an outcome. */
    private void awaitCalls(int more) {
        int settled = callers.books.settled() + more;
        await("calls").until(() -> callers.books.settled() >= settled);
    }

    /** As long as some are to be made, behind a number of bytes that the connection's number decides. */
    private CuttingRelay.Cut cut(CuttingRelay relay, int connection) {
        SplittableRandom random = new SplittableRandom(seed * 1_000 + connection);
        long behindBytes = relay != null && relay.cuts() >= CUTS
                ? Long.MAX_VALUE
                : random.nextInt(10) == 0 ? random.nextInt(FEWEST_BYTES) : random.nextInt(FEWEST_BYTES, MOST_BYTES);
        return new CuttingRelay.Cut(connection, random.nextBoolean(), behindBytes, random.nextBoolean());
    }
}
