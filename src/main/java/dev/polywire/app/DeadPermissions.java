package dev.polywire.app;

import dev.polywire.app.ProgramOptions.ConnectorEntry;
import dev.polywire.core.json.FieldException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Permissions of the bridge that nothing can match: no connector of the configuration has the address, or the action. Other
 * addresses belong to programs that the configuration does not know. In a cluster other nodes have connectors too, and so
 * may an application beside its configuration.
 */
final class DeadPermissions {

    private static final String OURS = "polywire.";
    private static final String EVENTS = ".events";

    private final Map<String, ConnectorEntry> byAddress = new HashMap<>();
    private final boolean alone;
    private final List<FieldException> found = new ArrayList<>();

    private DeadPermissions(ProgramOptions options, boolean alone) {
        options.connectors().forEach(entry -> byAddress.put(entry.address(), entry));
        this.alone = alone;
    }

    /** @param json the whole configuration, which has no complaint @param alone whether nobody else has connectors */
    static List<FieldException> in(JsonObject json, ProgramOptions options, boolean alone) {
        DeadPermissions dead = new DeadPermissions(options, alone);
        if (json.getValue("bridge") instanceof JsonObject bridge) {
            dead.client("bridge", bridge);
            JsonArray clients = bridge.getJsonArray("clients", new JsonArray());
            for (int i = 0; i < clients.size(); i++) {
                dead.client("bridge.clients[" + i + "]", clients.getJsonObject(i));
            }
        }
        return dead.found;
    }

    private void client(String path, JsonObject client) {
        JsonArray call = client.getJsonArray("call", new JsonArray());
        for (int i = 0; i < call.size(); i++) {
            called(path + ".call[" + i + "]", call.getJsonObject(i));
        }
        JsonArray listen = client.getJsonArray("listen", new JsonArray());
        for (int i = 0; i < listen.size(); i++) {
            String address = listen.getString(i);
            if (address.startsWith(OURS) && alone && !sorted(EVENTS).contains(address)) {
                found.add(new FieldException(
                        path + ".listen[" + i + "]",
                        address + ": no connector publishes there (expected: one of " + sorted(EVENTS) + ")"));
            }
        }
    }

    private void called(String path, JsonObject call) {
        String address = call.getString("address");
        ConnectorEntry connector = byAddress.get(address);
        if (connector == null) {
            if (address.startsWith(OURS) && alone && !isBelow(address)) {
                found.add(new FieldException(
                        path + ".address", address + ": no connector has it (expected: one of " + sorted("") + ")"));
            }
            return;
        }
        TreeSet<String> known = new TreeSet<>(connector.protocol().actions());
        for (Object action : actions(call.getValue("actions"))) {
            if (!known.contains(String.valueOf(action))) {
                found.add(new FieldException(
                        path + ".actions",
                        action + ": " + address + " has no such action (expected: some of " + known + ")"));
            }
        }
    }

    /** A room, {@code .raw} or the like. */
    private boolean isBelow(String address) {
        return byAddress.keySet().stream().anyMatch(each -> address.startsWith(each + "."));
    }

    private TreeSet<String> sorted(String end) {
        TreeSet<String> addresses = new TreeSet<>();
        byAddress.keySet().forEach(each -> addresses.add(each + end));
        return addresses;
    }

    /** {@code "*"} is all there are. */
    private static List<?> actions(@Nullable Object value) {
        return value instanceof JsonArray list ? list.getList() : List.of();
    }
}
