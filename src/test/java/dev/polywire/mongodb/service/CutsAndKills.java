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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * {@link MongoCallers} through fifty cuts of connections at seeded places, and ten kills of the server. A second connector
 * joins in the middle, since one that has lost all its connections ten times in a minute takes its time.
 */
final class CutsAndKills implements AutoCloseable {

    private static final int CONNECTORS = 2;
    private static final int CUTS_OF_A_CONNECTOR = 25;
    private static final int KILLS_OF_A_CONNECTOR = 5;
    /** Behind the handshake, most of the time. */
    private static final int FEWEST_BYTES = 600;

    private static final int MOST_BYTES = 12_000;

    /** Behind a deadline, by the clock of the event loop: no outcome comes later. */
    private static final long LATEST_MILLIS = 100;

    private final long seed;
    private final SplittableRandom random;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final MortalMongo server = new MortalMongo(MongoCallers.DATABASE + "." + MongoCallers.COLLECTION);
    private final List<CuttingRelay> relays = new ArrayList<>();
    private final List<String> deployed = new ArrayList<>();
    private final MongoCallers callers;

    CutsAndKills(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        callers = new MongoCallers(vertx, "polywire.m0", seed, new LoopClock(vertx)::millis);
    }

    /** @return the callers, whose books balance, and who were all told in time */
    MongoCallers run() {
        for (int number = 0; number < CONNECTORS; number++) {
            CuttingRelay relay = deploy(number);
            if (number == 0) {
                callers.begin();
            }
            for (int kill = 0; kill < KILLS_OF_A_CONNECTOR; kill++) {
                awaitCalls(random.nextInt(100, 400));
                server.kill();
                server.start();
            }
            await("cuts").atMost(Duration.ofMinutes(1)).until(() -> relay.cuts() >= CUTS_OF_A_CONNECTOR);
        }
        Outcome.value(callers.end());
        callers.verify(server.ids());
        assertTrue(callers.latestMillis() <= LATEST_MILLIS, callers::toString);
        deployed.forEach(id -> Outcome.value(vertx.undeploy(id)));
        await("all is left").until(() -> server.connections() == 0);
        assertEquals(0, MemoryBudget.of(vertx).heldBytes());
        return callers;
    }

    private CuttingRelay deploy(int number) {
        CuttingRelay[] own = new CuttingRelay[1];
        CuttingRelay relay =
                new CuttingRelay(server.port(), connection -> cut(own[0], number * 1_000L + connection, connection));
        own[0] = relay;
        relays.add(relay);
        JsonObject config = new JsonObject()
                .put("name", "m" + number)
                .put("port", relay.port())
                .put("heartbeatMillis", 200)
                .put("connectTimeoutMillis", 1_000);
        deployed.add(
                Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config))));
        callers.ask("polywire.m" + number);
        return relay;
    }

    /** So many more have an outcome. */
    private void awaitCalls(int more) {
        int settled = callers.books.settled() + more;
        await("calls").until(() -> callers.books.settled() >= settled);
    }

    /** As long as some are to be made, behind a number of bytes that the connection's number decides. */
    private CuttingRelay.Cut cut(CuttingRelay relay, long place, int connection) {
        SplittableRandom where = new SplittableRandom(seed * 1_000_000 + place);
        boolean inHandshake = where.nextInt(10) == 0;
        long behindBytes = inHandshake ? where.nextInt(FEWEST_BYTES) : where.nextInt(FEWEST_BYTES, MOST_BYTES);
        boolean enough = relay != null && relay.cuts() >= CUTS_OF_A_CONNECTOR;
        return new CuttingRelay.Cut(
                connection, where.nextBoolean(), enough ? Long.MAX_VALUE : behindBytes, where.nextBoolean());
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
        relays.forEach(CuttingRelay::close);
        server.close();
    }
}
