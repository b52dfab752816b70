package dev.polywire.app;

import dev.polywire.app.cluster.ClusterOptions;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration: {@code {embedded: [...], connectors: [...], bridge: {...}, cluster: {...}}}. Strict: an unknown key stops the start.
 *
 * @param embedded servers to start in this process, see {@link dev.polywire.embedded.EmbeddedServers}
 * @param connectors {@code type}, {@code instances}, and what the connector's own options say
 * @param bridge the TCP bridge's options, or null: no bridge
 * @param cluster what {@code --cluster} joins, or null
 */
record ProgramOptions(
        List<Fields> embedded,
        List<ConnectorEntry> connectors,
        @Nullable JsonObject bridge,
        @Nullable ClusterOptions cluster) {

    /**
     * One connector.
     *
     * @param path where it stands in the file
     * @param instances verticle instances, each with its own connections, 1 to 1,024, default 1
     * @param config what its verticle reads
     */
    record ConnectorEntry(String path, Protocol protocol, int instances, JsonObject config) {}

    static ProgramOptions fromJson(JsonObject json) {
        Fields top = Fields.of(json);
        List<Fields> embedded = top.objects("embedded");
        List<ConnectorEntry> connectors = new ArrayList<>();
        for (Fields entry : top.objects("connectors")) {
            connectors.add(connector(entry));
        }
        JsonObject bridge = top.objectOrNull("bridge");
        ClusterOptions cluster = top.has("cluster") ? ClusterOptions.fromJson(top.object("cluster")) : null;
        top.done();
        return new ProgramOptions(embedded, connectors, bridge, cluster);
    }

    /** For a start with {@code --cluster}. */
    ClusterOptions clusterOrComplain() {
        if (cluster == null) {
            throw new FieldException(
                    "cluster", "missing (expected: with --cluster, what this node is told of its cluster)");
        }
        return cluster;
    }

    private static ConnectorEntry connector(Fields entry) {
        String type = entry.text("type");
        int instances = entry.int32("instances", 1, 1, 1_024);
        for (Protocol protocol : Protocol.values()) {
            if (protocol.type().equals(type)) {
                return new ConnectorEntry(entry.path(), protocol, instances, entry.unread());
            }
        }
        throw new FieldException(
                entry.path() + ".type",
                "unknown (expected: one of "
                        + Arrays.stream(Protocol.values()).map(Protocol::type).toList() + ")");
    }
}
