package dev.polywire.testing;

import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Nodes of a Vert.x cluster in this JVM. They listen on loopback only, and find no cluster but their own. */
public final class LoopbackCluster implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    /** Hazelcast's first port; it takes the next free one. */
    private static final int FIRST_PORT = 5_701;

    private static final int PORTS = 500;
    /** Every member that leaves is a warning for those that stay. */
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private final String name = "polywire-" + UUID.randomUUID();
    private final List<Vertx> nodes = new ArrayList<>();
    private final List<String> members = new ArrayList<>();

    /** @param size nodes to start, one after the other */
    public LoopbackCluster(int size) {
        HAZELCAST.setLevel(Level.SEVERE);
        for (int i = 0; i < size; i++) {
            join();
        }
    }

    public Vertx node(int index) {
        return nodes.get(index);
    }

    /** One node more. */
    public Vertx join() {
        HazelcastClusterManager manager = new HazelcastClusterManager(config());
        VertxOptions options = new VertxOptions()
                .setEventBusOptions(new EventBusOptions().setHost(LOOPBACK).setClusterPublicHost(LOOPBACK));
        Vertx node = Outcome.value(
                Vertx.builder().with(options).withClusterManager(manager).buildClustered());
        nodes.add(node);
        members.add(LOOPBACK + ":"
                + manager.getHazelcastInstance()
                        .getCluster()
                        .getLocalMember()
                        .getAddress()
                        .getPort());
        return node;
    }

    /** One after the other: nodes that leave together wait for each other. */
    @Override
    public void close() {
        for (Vertx node : nodes) {
            Outcome.value(node.close().recover(closedBefore -> Future.succeededFuture()));
        }
    }

    private Config config() {
        Config config = new Config()
                .setClusterName(name)
                .setProperty("hazelcast.logging.type", "jdk")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.partition.count", "23");
        config.getNetworkConfig()
                .setPort(FIRST_PORT)
                .setPortCount(PORTS)
                .getInterfaces()
                .setEnabled(true)
                .addInterface(LOOPBACK);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).setMembers(List.copyOf(members));
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.getMapConfig("__vertx.haInfo").setBackupCount(1);
        config.getMapConfig("__vertx.nodeInfo").setBackupCount(1);
        return config;
    }
}
