package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.bolt.server.BoltServer;
import dev.polywire.testing.Loop;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;

class BoltEchoTest {

    @Test
    void theOfficialDriverHearsItself() {
        try (Loop loop = new Loop()) {
            BoltServer echo = loop.call(() -> BoltEcho.server(loop.vertx(), 0));
            int port = loop.join(echo::listen);
            try (Driver driver = GraphDatabase.driver("bolt://127.0.0.1:" + port, AuthTokens.none())) {
                Record row = driver.executableQuery("RETURN $who")
                        .withParameters(Map.of("who", "me"))
                        .execute()
                        .records()
                        .get(0);
                assertEquals("RETURN $who", row.get("statement").asString());
                assertEquals(Map.of("who", "me"), row.get("parameters").asMap());
            }
        }
    }
}
