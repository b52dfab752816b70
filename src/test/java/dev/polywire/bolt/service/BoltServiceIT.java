package dev.polywire.bolt.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.examples.BoltExample;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service against Neo4j 5.26. */
@Tag("alone")
@Timeout(300)
class BoltServiceIT {

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final BoltService bolt = BoltService.proxy(vertx, "polywire.bolt");
    private String deployment;

    private void deploy(JsonObject settings) {
        deployment = Neo4jBus.deploy(vertx, settings);
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private JsonObject run(String query) {
        return Outcome.value(bolt.run(query, null, null));
    }

    private static Object one(JsonObject answer) {
        return answer.getJsonArray("records").getJsonArray(0).getValue(0);
    }

    private long count(String label) {
        return ((Number) one(run("MATCH (n:" + label + ") RETURN count(n)"))).longValue();
    }

    @Test
    void theDemonstrationSaysWhatItsPageSays() {
        deploy(new JsonObject());
        List<String> printed = new CopyOnWriteArrayList<>();
        Outcome.value(vertx.deployVerticle(new BoltExample(printed::add)));
        assertEquals(Readme.block("docs/bolt.md", "output: BoltExample.java, bolt_demo.py"), printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "9007199254740993          | {'$type':'Integer','_value':'9007199254740993'}",
                "0.0/0.0                   | {'$type':'Float','_value':'NaN'}",
                "date('2026-11-21')        | {'$type':'Date','_value':'2026-11-21'}",
                "localtime('12:00')        | {'$type':'LocalTime','_value':'12:00'}",
                "time('12:00:00.5+01:00')  | {'$type':'Time','_value':'12:00:00.500+01:00'}",
                "localdatetime('2026-11-21T01:02:03') | {'$type':'LocalDateTime','_value':'2026-11-21T01:02:03'}",
                "datetime('2026-06-01T12:00:00+02:00') | {'$type':'OffsetDateTime','_value':'2026-06-01T12:00+02:00'}",
                "datetime('2026-06-01T12:00:00[Europe/Berlin]') "
                        + "| {'$type':'ZonedDateTime','_value':'2026-06-01T12:00+02:00[Europe/Berlin]'}",
                "duration('P1Y2M3DT4.5S')  | {'$type':'Duration','_value':'P1Y2M3DT4.5S'}",
                "point({longitude: 12.5, latitude: 1.0}) | {'$type':'Point','_value':'SRID=4326;POINT (12.5 1.0)'}",
                "point({x: 1, y: 2, z: 3}) | {'$type':'Point','_value':'SRID=9157;POINT Z (1.0 2.0 3.0)'}",
                "{`$type`: 'x'}            | {'$type':'Map','_value':{'$type':'x'}}",
            })
    void typedValuesThereAndBack(String cypher, String json) {
        deploy(new JsonObject());
        JsonObject typed = new JsonObject(json.replace('\'', '"'));
        assertEquals(typed, one(run("RETURN " + cypher)));
        JsonObject back = new JsonObject().put("it", typed);
        Object same = one(Outcome.value(bolt.run("RETURN $it = " + cypher + " OR $it <> $it", back, null)));
        assertEquals(true, same);
    }

    /** What a server of ours is to say, too: see {@code SummaryTest}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RETURN 1                                 | 00000",
                "UNWIND [] AS x RETURN x                  | 02000",
                "MATCH (a:Nobody), (b:Nothing) RETURN a   | 02000 01N50 01N50 03N90",
                "CREATE (:Noted)                          | 00001",
                "EXPLAIN MATCH (a), (b) RETURN a          | 00001 03N90",
            })
    void statusesInOrder(String query, String statuses) {
        deploy(new JsonObject());
        JsonObject summary = run(query).getJsonObject("summary");
        assertEquals("neo4j", summary.getString("db"));
        assertEquals(
                statuses,
                summary.getJsonArray("statuses").stream()
                        .map(status -> ((JsonObject) status).getString("gql_status"))
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void graphValues() {
        deploy(new JsonObject());
        run("MATCH (n:Walk) DETACH DELETE n");
        JsonObject path = (JsonObject) one(run("CREATE p = (:Walk {n: 1})-[:TO {km: 7}]->(:Walk {n: 2}) RETURN p"));
        JsonArray walk = path.getJsonArray("_value");
        JsonObject from = walk.getJsonObject(0).getJsonObject("_value");
        JsonObject to = walk.getJsonObject(1).getJsonObject("_value");
        assertEquals("Path", path.getString("$type"));
        assertEquals(3, walk.size());
        assertEquals(from.getString("_element_id"), to.getString("_start_node_element_id"));
        assertEquals(from.getLong("_id"), to.getLong("_start_node_id"));
        assertEquals(7, to.getJsonObject("_properties").getInteger("km"));
    }

    @Test
    void aHundredThousandRecordsByDemand() {
        deploy(new JsonObject());
        JsonObject handle = Outcome.value(bolt.open(
                "UNWIND range(1, 100000) AS n RETURN n, toString(n)", null, new JsonObject().put("summary", true)));
        assertEquals(new JsonArray().add("n").add("toString(n)"), handle.getJsonArray("fields"));
        List<Object> items = new ArrayList<>();
        Promise<Void> end = Promise.promise();
        new StreamReader(vertx, handle, 1_000, 1_000)
                .exceptionHandler(end::fail)
                .endHandler(end::complete)
                .handler(items::add);
        Outcome.value(end.future());
        assertEquals(100_001, items.size());
        assertEquals(new JsonArray().add(100_000).add("100000"), items.get(99_999));
        assertEquals(
                "r", ((JsonObject) items.get(100_000)).getJsonObject("summary").getString("type"));
    }

    @Test
    void transactions() {
        // Longer than the server takes for its first queries.
        deploy(new JsonObject().put("leaseMillis", 2_000));
        run("MATCH (n:Tx) DELETE n");
        JsonObject committed = Outcome.value(bolt.begin(null));
        BoltTransactionService room = BoltTransactionService.proxy(vertx, committed);
        String id = committed.getString("id");
        Outcome.value(room.run(id, "CREATE (:Tx)", null));
        assertEquals(0, count("Tx"));
        JsonObject end = Outcome.value(room.commit(id));
        JsonObject after = new JsonObject().put("bookmarks", new JsonArray().add(end.getString("bookmark")));
        assertEquals(1L, one(Outcome.value(bolt.run("MATCH (n:Tx) RETURN count(n)", null, after))));

        String undone = Outcome.value(bolt.begin(null)).getString("id");
        Outcome.value(room.run(undone, "CREATE (:Tx)", null));
        Outcome.value(room.rollback(undone));
        String lapsed = Outcome.value(bolt.begin(null)).getString("id");
        Outcome.value(room.run(lapsed, "CREATE (:Tx)", null));
        await().until(() ->
                Outcome.value(bolt.status()).getJsonObject("counters").getInteger("lapsedTransactions") == 1);
        assertEquals("NOT_FOUND", outcome(room.run(lapsed, "RETURN 1", null)));
        assertEquals(1, count("Tx"));
    }

    @Test
    void aStreamInATransactionBesideOtherQueries() {
        deploy(new JsonObject());
        JsonObject handle = Outcome.value(bolt.begin(null));
        BoltTransactionService room = BoltTransactionService.proxy(vertx, handle);
        String id = handle.getString("id");
        JsonObject stream = Outcome.value(room.open(id, "UNWIND range(1, 5) AS n RETURN n", null, null));
        List<Integer> doubled = new CopyOnWriteArrayList<>();
        Promise<Void> end = Promise.promise();
        StreamReader reader = new StreamReader(vertx, stream, 1, 1_000);
        reader.exceptionHandler(end::fail).endHandler(end::complete).handler(row -> {
            reader.pause();
            JsonObject n = new JsonObject().put("n", ((JsonArray) row).getInteger(0));
            room.run(id, "RETURN 2 * $n", n).onFailure(end::tryFail).onSuccess(answer -> {
                doubled.add(((Number) one(answer)).intValue());
                reader.resume();
            });
        });
        Outcome.value(end.future());
        await().until(() -> doubled.size() == 5);
        assertEquals(List.of(2, 4, 6, 8, 10), doubled);
        Outcome.value(room.commit(id));
    }

    @Test
    void failures() {
        deploy(new JsonObject());
        ServiceException syntax = (ServiceException) Outcome.failure(bolt.run("RETURN", null, null));
        JsonObject server = syntax.getDebugInfo().getJsonObject("server");
        assertEquals("Neo.ClientError.Statement.SyntaxError", server.getString("code"));
        assertEquals(5, server.getString("gqlStatus").length(), server::encodePrettily);
        assertEquals("NOT_FOUND", outcome(bolt.run("RETURN 1", null, new JsonObject().put("database", "none"))));
        assertEquals("BAD_REQUEST", outcome(bolt.route(null)));
        // The server stops it itself.
        JsonObject brief = new JsonObject().put("timeoutMillis", 200);
        String slow = "UNWIND range(1, 1000000000) AS n RETURN count(n * 2)";
        assertEquals("TIMEOUT", outcome(bolt.run(slow, null, brief)));
        assertEquals(
                "TIMEOUT",
                outcome(BoltService.proxy(vertx, "polywire.bolt", 300).run(slow, null, null)));
        run("RETURN 1");
    }

    @Test
    void aPipelineStopsAtItsFailure() {
        deploy(new JsonObject());
        run("MATCH (n:Pipe) DELETE n");
        List<JsonObject> statements = List.of(
                new JsonObject().put("query", "CREATE (:Pipe)"),
                new JsonObject().put("query", "RETURN 1 / 0"),
                new JsonObject().put("query", "CREATE (:Pipe)"));
        ServiceException failure = (ServiceException) Outcome.failure(bolt.pipeline(statements, null));
        assertEquals(1, failure.getDebugInfo().getJsonObject("server").getInteger("statement"));
        assertEquals(1, count("Pipe"));
    }

    /** Each request has an outcome, and what it says is what the graph has. */
    @Test
    void leavingUnderLoadLosesNothingSilently() {
        deploy(new JsonObject());
        run("MATCH (n:Load) DELETE n");
        List<Future<JsonObject>> load = IntStream.range(0, 500)
                .mapToObj(i -> bolt.run("CREATE (:Load)", null, null))
                .toList();
        Outcome.value(vertx.undeploy(deployment));
        List<String> outcomes = load.stream().map(BoltServiceIT::outcome).toList();
        long done = outcomes.stream().filter("done"::equals).count();
        assertFalse(outcomes.contains("TIMEOUT") || outcomes.contains("INTERNAL"), outcomes::toString);
        deploy(new JsonObject());
        long unknown = outcomes.stream().filter("UNKNOWN_OUTCOME"::equals).count();
        long there = count("Load");
        assertTrue(there >= done && there <= done + unknown, done + " done, " + unknown + " unknown, " + there);
    }

    private static String outcome(Future<?> asked) {
        return Outcome.value(asked.map("done")
                .otherwise(
                        failure -> ((ServiceException) failure).getDebugInfo().getString("name")));
    }
}
