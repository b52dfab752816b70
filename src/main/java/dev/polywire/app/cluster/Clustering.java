package dev.polywire.app.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * A Vert.x that is a node of a cluster, and its view of the other nodes.
 *
 * @param manager has the node ids, and reports when nodes join and leave
 */
public record Clustering(Vertx vertx, ClusterManager manager) {

    private static final Logger LOG = System.getLogger("dev.polywire");

    /** Joins, or starts the cluster. @return fails when it cannot listen, or a certificate cannot be read */
    public static Future<Clustering> join(ClusterOptions options) {
        HazelcastClusterManager manager = new HazelcastClusterManager(members(options));
        if (options.insecure()) {
            LOG.log(Level.WARNING, "cluster.insecure: whoever reaches " + options.host() + " may send messages");
        }
        return Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus(options)))
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> {
                    // Only JSON, buffers, plain values and registered codecs are deserialized.
                    vertx.eventBus().clusterSerializableChecker(type -> false).serializableChecker(type -> false);
                    return new Clustering(vertx, manager);
                });
    }

    static EventBusOptions bus(ClusterOptions options) {
        EventBusOptions bus = new EventBusOptions()
                .setHost(options.host())
                .setClusterPublicHost(options.host())
                .setPort(options.busPort())
                .setTrustAll(false);
        ClusterOptions.Tls tls = options.tls();
        if (tls != null) {
            bus.setSsl(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions().addCertPath(tls.trust()))
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(tls.certificate())
                            .addKeyPath(tls.key()));
        }
        return bus;
    }

    /** Hazelcast discovers no member by itself, listens on one address, sends no usage data, and leaves with Vert.x. */
    static Config members(ClusterOptions options) {
        Config config = new Config()
                .setClusterName(options.name())
                .setProperty("hazelcast.logging.type", "jdk")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig()
                .setPort(options.port())
                .setPortAutoIncrement(false)
                .setPublicAddress(options.host() + ":" + options.port())
                .getInterfaces()
                .setEnabled(true)
                .addInterface(options.host());
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(List.copyOf(options.members()));
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.getWhitelist().addPrefixes("java.", "[", "com.hazelcast.", "io.vertx.spi.cluster.hazelcast.");
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.getMapConfig("__vertx.haInfo").setBackupCount(1);
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
        return config;
    }
}
