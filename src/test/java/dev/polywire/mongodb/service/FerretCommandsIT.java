package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.FerretDb;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The cases of the old client, as commands over the bus, with FerretDB. */
class FerretCommandsIT extends MongoCases {

    private static FerretBus bus;

    @BeforeAll
    static void start() {
        bus = new FerretBus(FerretDb.plain());
        bus.deploy(new JsonObject());
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

    @Test
    void hello() {
        JsonObject answer = run("admin", "hello", new JsonObject().put("hello", 1));
        assertEquals(21, answer.getInteger("maxWireVersion"));
    }
}
