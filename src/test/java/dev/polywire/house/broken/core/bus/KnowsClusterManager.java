package dev.polywire.house.broken.core.bus;

import dev.polywire.house.Breaks;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

@Breaks("vertx-hazelcast")
public interface KnowsClusterManager {

    HazelcastClusterManager manager();
}
