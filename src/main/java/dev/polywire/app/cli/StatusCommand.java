package dev.polywire.app.cli;

import dev.polywire.core.bus.Instances;
import dev.polywire.core.bus.request.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The state of all connectors. */
@Command(name = StatusCommand.NAME, description = StatusCommand.DESCRIPTION)
final class StatusCommand implements Callable<Integer> {

    static final String NAME = "status";
    static final String DESCRIPTION =
            "Print the state of all connectors whose status may be asked: a row for each instance, and sums.";

    @Mixin
    private ConnectOptions connect = new ConnectOptions();

    @Mixin
    private ConsoleOutput output = new ConsoleOutput();

    @Override
    public Integer call() {
        long timeoutMillis = connect.timeoutMillis();
        try (BridgeClient bridge = connect.open()) {
            @Nullable
            Object answer = bridge.call(
                    Instances.ADDRESS, Instances.STATUS, new JsonObject(), timeoutMillis, Failure.CONNECTION_LOST);
            if (output.isJson() || !(answer instanceof JsonObject status)) {
                output.answer(answer);
            } else {
                output.text(table(status));
            }
            return ExitCode.OK;
        }
    }

    private static String table(JsonObject status) {
        Table table = new Table("NAME", "PROTOCOL", "ADDRESS", "TARGET", "IN FLIGHT", "STREAMS", "REQUESTS", "STATE");
        JsonObject all = new JsonObject();
        for (Object each : list(status, "connectors")) {
            if (each instanceof JsonObject sum) {
                list(status, "instances").stream()
                        .filter(one -> one instanceof JsonObject json && at(json).equals(at(sum)))
                        .forEach(one -> instance(table, (JsonObject) one));
                long instances = number(sum, "instances");
                if (instances > 1) {
                    sum(table, ConsoleOutput.plain(sum.getValue("name")) + " (sum)", sum);
                }
                for (String name : new String[] {"instances", "ready", "inFlight", "streams"}) {
                    all.put(name, number(all, name) + number(sum, name));
                }
                all.put("counters", new JsonObject().put("requests", requests(all) + requests(sum)));
            }
        }
        sum(table, "all", all);
        return table.text();
    }

    private static void instance(Table table, JsonObject status) {
        Object reason = status.getValue("reason");
        table.row(
                ConsoleOutput.plain(status.getValue("name")),
                ConsoleOutput.plain(status.getValue("protocol", "")),
                ConsoleOutput.plain(status.getValue("address")),
                ConsoleOutput.plain(status.getValue("target", "")),
                Long.toString(number(status, "inFlight")),
                Long.toString(number(status, "streams")),
                Long.toString(requests(status)),
                ConsoleOutput.plain(status.getValue("state"))
                        + (reason == null ? "" : ": " + ConsoleOutput.plain(reason)));
    }

    private static void sum(Table table, String name, JsonObject sum) {
        table.row(
                name,
                "",
                "",
                "",
                Long.toString(number(sum, "inFlight")),
                Long.toString(number(sum, "streams")),
                Long.toString(requests(sum)),
                number(sum, "ready") + " of " + number(sum, "instances") + " ready");
    }

    private static String at(JsonObject status) {
        return String.valueOf(status.getValue("address"));
    }

    private static long requests(JsonObject status) {
        return status.getValue("counters") instanceof JsonObject counters ? number(counters, "requests") : 0;
    }

    private static long number(JsonObject json, String name) {
        return json.getValue(name) instanceof Number number ? number.longValue() : 0;
    }

    private static JsonArray list(JsonObject json, String name) {
        return json.getValue(name) instanceof JsonArray list ? list : new JsonArray();
    }
}
