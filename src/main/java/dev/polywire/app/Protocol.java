package dev.polywire.app;

import dev.polywire.framed.service.FramedClientVerticle;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** The connectors that a configuration can name, each with its verticle and a request to try it with. */
enum Protocol {
    MONGODB(
            "mongodb",
            MongoVerticle::new,
            "command",
            new JsonObject()
                    .put("database", "test")
                    .put("name", "ping")
                    .put("arguments", new JsonObject().put("ping", 1))),
    FRAMED_CLIENT(
            "framed-client",
            FramedClientVerticle::new,
            "send",
            new JsonObject().put("message", new JsonObject().put("text", "hello"))),
    FRAMED_SERVER("framed-server", FramedServerVerticle::new, "connections", new JsonObject());

    private final String type;
    private final Supplier<Deployable> verticle;
    private final String action;
    private final JsonObject example;

    Protocol(String type, Supplier<Deployable> verticle, String action, JsonObject example) {
        this.type = type;
        this.verticle = verticle;
        this.action = action;
        this.example = example;
    }

    /** Its word in a configuration. */
    String type() {
        return type;
    }

    Supplier<Deployable> verticle() {
        return verticle;
    }

    /** The action and body of a harmless request. */
    String request() {
        return action + " '" + example.encode() + "'";
    }
}
