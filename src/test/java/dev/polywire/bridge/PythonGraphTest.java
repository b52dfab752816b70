package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.service.BoltServerService;
import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.types.Path;
import org.neo4j.driver.types.Relationship;

/** The graph of the examples: the official driver, our Bolt server, the bus, the bridge, and a program in Python. */
@Timeout(120)
class PythonGraphTest {

    private static final String TOKEN = Canary.of("graph");

    private static BridgeRig rig;
    private static ForeignClient python;
    private static Driver driver;

    /** One for all: each test leaves them as it found them. */
    @BeforeAll
    static void start() {
        JsonObject client = new JsonObject()
                .put("name", "graph")
                .put("token", TOKEN)
                .put("serve", new JsonArray().add("examples.graph"));
        rig = new BridgeRig(new JsonObject().put("clients", new JsonArray().add(client)));
        JsonObject config = new JsonObject().put("port", 0).put("handler", "examples.graph");
        Outcome.value(rig.vertx.deployVerticle(new BoltServerVerticle(), new DeploymentOptions().setConfig(config)));
        String target = Outcome.value(BoltServerService.proxy(rig.vertx, "polywire.bolt-server")
                        .status())
                .getString("target");
        python = ForeignClient.python("serve_graph.py", rig.port(), TOKEN);
        assertEquals("serving examples.graph", python.line());
        driver = GraphDatabase.driver(
                "bolt://" + target,
                AuthTokens.none(),
                Config.builder()
                        .withMaxTransactionRetryTime(0, TimeUnit.SECONDS)
                        .build());
    }

    @AfterAll
    static void stop() {
        driver.close();
        python.close();
        rig.close();
    }

    private static List<Record> query(String query, Map<String, Object> parameters) {
        return driver.executableQuery(query)
                .withParameters(parameters)
                .execute()
                .records();
    }

    @Test
    void nodesAndRelationshipsAndAPath() {
        List<Record> nodes = query("MATCH (n) RETURN n", Map.of());
        assertEquals(
                List.of("Ada", "Charles", "Analytical Engine"),
                nodes.stream()
                        .map(row -> row.get("n").asNode().get("name").asString())
                        .toList());
        Record ada = query("MATCH (n {name: $name})\n RETURN n", Map.of("name", "Ada"))
                .get(0);
        assertTrue(ada.get("n").asNode().hasLabel("Person"));
        assertEquals("1", ada.get("n").asNode().elementId());

        Record second = query("MATCH (a)-[r]->(b) RETURN a, r, b", Map.of()).get(1);
        Relationship programmed = second.get("r").asRelationship();
        assertEquals("PROGRAMMED", programmed.type());
        assertEquals(1843, programmed.get("year").asInt());
        assertEquals(second.get("a").asNode().elementId(), programmed.startNodeElementId());
        assertEquals(second.get("b").asNode().elementId(), programmed.endNodeElementId());

        Path path = query("MATCH p = (:Person)-[*]-(:Person) RETURN p", Map.of())
                .get(0)
                .get("p")
                .asPath();
        assertEquals(2, path.length());
        assertEquals(
                List.of("Ada", "Analytical Engine", "Charles"),
                StreamSupport.stream(path.nodes().spliterator(), false)
                        .map(node -> node.get("name").asString())
                        .toList());
        assertEquals(
                List.of("PROGRAMMED", "DESIGNED"),
                StreamSupport.stream(path.relationships().spliterator(), false)
                        .map(Relationship::type)
                        .toList());
    }

    @Test
    void aFailureIsPythonsOwnAndTheConnectionGoesOn() {
        ClientException failure = assertThrows(ClientException.class, () -> query("DROP EVERYTHING", Map.of()));
        assertEquals("Neo.ClientError.Statement.SyntaxError", failure.code());
        assertEquals("this graph knows other queries", failure.getMessage());
        assertEquals(3, query("MATCH (n) RETURN n", Map.of()).size());
    }

    @Test
    void manyRowsAreAStreamAndMayBeLeftEarly() {
        List<Record> rows = query("UNWIND range(1, $count) AS n RETURN n", Map.of("count", 5_000));
        assertEquals(5_000, rows.size());
        assertEquals(5_000, rows.get(4_999).get("n").asInt());
        try (Session session = driver.session()) {
            Result result = session.run("UNWIND range(1, $count) AS n RETURN n", Map.of("count", 1_000_000_000));
            assertEquals(1, result.next().get("n").asInt());
            result.consume();
        }
    }

    @Test
    void aProgramThatIsNotThereMayComeBack() {
        python.close();
        Neo4jException failure = assertThrows(Neo4jException.class, () -> {
            while (true) {
                query("MATCH (n) RETURN n", Map.of());
            }
        });
        assertTrue(failure.code().startsWith("Neo."), failure::toString);
        python = ForeignClient.python("serve_graph.py", rig.port(), TOKEN);
        assertEquals("serving examples.graph", python.line());
        assertEquals(3, query("MATCH (n) RETURN n", Map.of()).size());
    }
}
