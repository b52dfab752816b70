package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.examples.Readme;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The message of {@code docs/mongodb.md} is one. */
class MessageOnPageTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void isSentAndAnsweredInTheSameWords() {
        stage.deploy(new JsonObject());
        JsonObject message = new JsonObject(String.join("\n", Readme.block("docs/mongodb.md", "message: to send")));
        Future<JsonObject> answer = stage.mongo().send(message, null);
        Asked asked = stage.next("moons");
        assertEquals(
                new OpQuery(1 << 2, "test.planets", 0, 10, Documents.bson("{moons: 2}"), null),
                asked.request().message());
        asked.reply("{name: 'Mars', moons: 2}");
        JsonObject reply = Outcome.value(answer);
        assertEquals("OP_REPLY", reply.getString("opCode"));
        assertEquals(0, reply.getInteger("startingFrom"));
        assertEquals("Mars", reply.getJsonArray("documents").getJsonObject(0).getString("name"));
    }
}
