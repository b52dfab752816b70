package dev.polywire.testing;

import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import dev.polywire.core.bus.watch.Membership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Map;

/**
 * A node of a Vert.x cluster that listens on loopback only.
 *
 * @param member where it is, for those that join later
 */
public record LoopbackNode(Vertx vertx, Membership membership, String member) {

    private static final String LOOPBACK = "127.0.0.1";
    /** Hazelcast's first port; it takes the next free one. */
    private static final int FIRST_PORT = 5_701;

    private static final int PORTS = 500;

    /**
     * Hazelcast's own waits, which nobody needs on one machine: half a second before what a member that left did not answer is
     * tried again, and three times a tenth before a connection that broke is a member that is gone.
     */
    public static final Map<String, String> QUICK = Map.of(
            "hazelcast.invocation.retry.pause.millis", "10",
            "hazelcast.connection.monitor.interval", "10",
            "hazelcast.wait.seconds.before.join", "0",
            "hazelcast.partition.count", "23");

    /** @param cluster its name @param members that are there already */
    public static Future<LoopbackNode> join(String cluster, List<String> members) {
        HazelcastClusterManager manager = manager(cluster, members);
        return Vertx.builder()
                .with(options())
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new LoopbackNode(
                        vertx,
                        Membership.of(manager),
                        LOOPBACK + ":"
                                + manager.getHazelcastInstance()
                                        .getCluster()
                                        .getLocalMember()
                                        .getAddress()
                                        .getPort()));
    }

    /** Of a node that listens on loopback only. */
    public static HazelcastClusterManager manager(String cluster, List<String> members) {
        return new HazelcastClusterManager(config(cluster, members));
    }

    /** Of a node whose bus listens on loopback only. */
    public static VertxOptions options() {
        return new VertxOptions()
                .setEventBusOptions(new EventBusOptions().setHost(LOOPBACK).setClusterPublicHost(LOOPBACK));
    }

    private static Config config(String cluster, List<String> members) {
        Config config = new Config()
                .setClusterName(cluster)
                .setProperty("hazelcast.logging.type", "jdk")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false");
        QUICK.forEach(config::setProperty);
        config.getNetworkConfig()
                .setPort(FIRST_PORT)
                .setPortCount(PORTS)
                .getInterfaces()
                .setEnabled(true)
                .addInterface(LOOPBACK);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).setMembers(members);
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.getMapConfig("__vertx.haInfo").setBackupCount(1);
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
        return config;
    }
}
