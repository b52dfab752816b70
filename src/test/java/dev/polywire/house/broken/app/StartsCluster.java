package dev.polywire.house.broken.app;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/** The program may form a cluster: no rule reports it. */
public interface StartsCluster {

    HazelcastInstance cluster();

    HazelcastClusterManager manager();
}
