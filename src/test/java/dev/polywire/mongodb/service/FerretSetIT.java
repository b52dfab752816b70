package dev.polywire.mongodb.service;

import dev.polywire.testing.FerretDb;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The same cases with a FerretDB that says it is a member of a replica set: it takes commands with a read preference. Which these
 * are, {@link MongoTimeTest} knows.
 */
class FerretSetIT extends MongoCases {

    private static FerretBus bus;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.ofReplicaSet("rs0"));
        bus.deploy(FerretBus.user().put("replicaSet", "rs0"));
    }

    @AfterAll
    static void close() {
        bus.close();
    }

    @Override
    Vertx vertx() {
        return bus.vertx;
    }

    @Override
    MongoService mongo() {
        return bus.mongo();
    }
}
