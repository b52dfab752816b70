package dev.polywire.bolt.service;

import dev.polywire.testing.Neo4j;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** A connector to the Neo4j of the tests. */
public final class Neo4jBus {

    private Neo4jBus() {}

    /** Started, and with the password that its first user has in tests. */
    public static Neo4j neo4j() {
        Neo4j neo4j = Neo4j.start();
        neo4j.firstLogin(() -> changePassword(neo4j));
        return neo4j;
    }

    /** Deploys it. @param settings beside the address and the login. @return the deployment's id */
    public static String deploy(Vertx vertx, JsonObject settings) {
        JsonObject config = config(neo4j(), Neo4j.PASSWORD).mergeIn(settings);
        return Outcome.value(vertx.deployVerticle(new BoltVerticle(), new DeploymentOptions().setConfig(config)));
    }

    static JsonObject config(Neo4j neo4j, String password) {
        return new JsonObject()
                .put("uri", "bolt://127.0.0.1:" + neo4j.port())
                .put("user", Neo4j.USER)
                .put("password", password);
    }

    private static void changePassword(Neo4j neo4j) {
        Vertx vertx = Vertx.vertx();
        try {
            Outcome.value(vertx.deployVerticle(
                    new BoltVerticle(),
                    new DeploymentOptions()
                            .setConfig(config(neo4j, Neo4j.FIRST_PASSWORD).put("address", "first"))));
            Outcome.value(BoltService.proxy(vertx, "first")
                    .run(
                            "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                            new JsonObject().put("old", Neo4j.FIRST_PASSWORD).put("new", Neo4j.PASSWORD),
                            new JsonObject().put("database", "system")));
        } finally {
            Outcome.value(vertx.close());
        }
    }
}
