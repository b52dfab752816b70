package dev.polywire.app;

import dev.polywire.app.cluster.ClusterOptions;
import dev.polywire.core.bus.PolywireOptions;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.embedded.EmbeddedOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of the program: {@code {memory: {...}, embedded: [...], connectors: [...], bridge: {...}, cluster: {...},
 * log: {...}, scanMillis}}.
 *
 * @param common what all connectors and the bridge have in common: {@code memory}
 * @param embedded servers to start in this process
 * @param connectors {@code type}, {@code instances}, and the connector's own options
 * @param bridge the TCP bridge, or null: no bridge
 * @param cluster the cluster that {@code --cluster} joins, or null; read at the start only
 * @param log what of the log is shown, and how
 * @param scanMillis how often files are checked for changes, 100 to 3,600,000, default 2,000; 0: never
 */
record ProgramOptions(
        PolywireOptions common,
        List<EmbeddedOptions> embedded,
        List<ConnectorEntry> connectors,
        @Nullable BridgeEntry bridge,
        @Nullable ClusterOptions cluster,
        LogOptions log,
        long scanMillis) {

    /**
     * One connector. It has changed if what it was read from has: the options made of that may have parts without
     * equality, such as the mechanism of a login.
     *
     * @param instances verticle instances, each with its own connections, 1 to 1,024, default 1
     * @param config the configuration of its verticle
     * @param files digests of the certificates and keys it reads
     */
    record ConnectorEntry(Protocol protocol, int instances, Settings settings, JsonObject config, List<String> files) {

        String name() {
            return settings.connector().name();
        }

        String address() {
            return settings.connector().address();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ConnectorEntry that
                    && protocol == that.protocol
                    && instances == that.instances
                    && config.equals(that.config)
                    && files.equals(that.files);
        }

        @Override
        public int hashCode() {
            return Objects.hash(protocol, instances, config, files);
        }
    }

    /** The bridge, likewise. */
    record BridgeEntry(EndpointOptions endpoint, long drainMillis, JsonObject config, List<String> files) {}

    /** Whether there is nothing to start; a node of a cluster may be there for the others. */
    boolean isEmpty() {
        return embedded.isEmpty() && connectors.isEmpty() && bridge == null && cluster == null;
    }

    /** The longest time that one of its parts gives to requests in flight when it leaves; 0: there is no part. */
    long longestDrainMillis() {
        long longest = bridge == null ? 0 : bridge.drainMillis;
        for (ConnectorEntry entry : connectors) {
            longest = Math.max(longest, entry.settings.connector().drainMillis());
        }
        return longest;
    }
}
