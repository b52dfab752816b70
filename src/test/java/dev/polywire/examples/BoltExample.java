package dev.polywire.examples;

import dev.polywire.bolt.service.BoltService;
import dev.polywire.core.bus.stream.StreamReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The demonstration of docs/bolt.md: eight steps with a graph, as a verticle. */
public final class BoltExample extends VerticleBase {

    private final Consumer<String> out;

    public BoltExample(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        // docs
        BoltService bolt = BoltService.proxy(vertx, "polywire.bolt");

        return bolt.run("MATCH (n:Step) DELETE n", null, null)
                .compose(cleared -> bolt.ping())
                .onSuccess(server -> print("1 connected to", agent(server)))
                .compose(connected -> bolt.run("RETURN 1 AS num", null, null))
                .onSuccess(one -> print("2 query:", one.getValue("fields"), one.getValue("records")))
                .compose(ran -> bolt.pipeline(List.of(query("RETURN 1 AS num"), query("RETURN 2 AS num")), null))
                .onSuccess(both -> print("3 pipeline:", records(both.getJsonArray("results"))))
                .compose(piped -> bolt.run("This will cause a syntax error", null, null))
                .recover(refused -> {
                    ServiceException failure = (ServiceException) refused;
                    JsonObject server = failure.getDebugInfo().getJsonObject("server");
                    print("4 failure:", failure.failureCode(), server.getString("code"));
                    return bolt.run("CREATE (:Step {number: 5})", null, null);
                })
                .onSuccess(created -> print(
                        "5 summary:", summary(created).getJsonObject("stats").getValue("nodes-created"), "node"))
                .compose(created -> bolt.run("PROFILE RETURN 1 AS num", null, null))
                .onSuccess(profiled -> {
                    JsonObject plan = summary(profiled).getJsonObject("profile");
                    print("6 profile:", operators(plan), "rows:", plan.getValue("rows"));
                })
                .compose(profiled -> bolt.run("EXPLAIN MATCH (n), (m) RETURN n, m", null, null))
                .onSuccess(explained -> print("7 notification:", warning(summary(explained))))
                .compose(explained -> bolt.open("MATCH (n:Step) RETURN n", null, null))
                .compose(handle -> {
                    Promise<Void> end = Promise.promise();
                    new StreamReader(vertx, handle)
                            .exceptionHandler(end::fail)
                            .endHandler(end::complete)
                            .handler(record -> print("8 node:", node((JsonArray) record)));
                    return end.future();
                });
        // docs
    }

    private void print(Object... parts) {
        out.accept(Stream.of(parts).map(String::valueOf).collect(Collectors.joining(" ")));
    }

    private static JsonObject query(String query) {
        return new JsonObject().put("query", query);
    }

    private static JsonArray records(JsonArray results) {
        return new JsonArray(results.stream()
                .map(each -> ((JsonObject) each).getValue("records"))
                .toList());
    }

    private static JsonObject summary(JsonObject answer) {
        return answer.getJsonObject("summary");
    }

    /** Without what changes from release to release. */
    private static String agent(JsonObject server) {
        return server.getString("server").split("\\.")[0] + " by Bolt "
                + server.getString("version").split("\\.")[0];
    }

    private static String operators(JsonObject plan) {
        String own = plan.getString("operatorType").split("@")[0];
        return own
                + plan.getJsonArray("children", new JsonArray()).stream()
                        .map(child -> " < " + operators((JsonObject) child))
                        .reduce("", String::concat);
    }

    /** From Bolt 5.7 on {@code statuses}, of which the first is that of the query itself; before {@code notifications}. */
    private static String warning(JsonObject summary) {
        JsonArray statuses = summary.getJsonArray("statuses");
        JsonObject warning = statuses == null
                ? summary.getJsonArray("notifications").getJsonObject(0)
                : statuses.stream()
                        .map(JsonObject.class::cast)
                        .filter(status -> status.containsKey("neo4j_code"))
                        .findFirst()
                        .orElseThrow();
        return warning.getString("neo4j_code", warning.getString("code"));
    }

    private static String node(JsonArray record) {
        JsonObject node = record.getJsonObject(0).getJsonObject("_value");
        return node.getValue("_labels") + " " + node.getValue("_properties");
    }
}
