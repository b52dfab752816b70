package dev.polywire.examples;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.watch.Membership;
import dev.polywire.core.bus.watch.NodeWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.cluster.ClusterManager;

/** A node of the application's own cluster. */
final class ClusterNode {

    private ClusterNode() {}

    /** @param manager is the application's, such as {@code new HazelcastClusterManager(config)} */
    static Future<Vertx> join(VertxOptions options, ClusterManager manager) {
        return Vertx.builder()
                .with(options)
                .withClusterManager(manager)
                .buildClustered()
                .onSuccess(vertx -> NodeWatch.install(Polywire.install(vertx), Membership.of(manager)));
    }
}
