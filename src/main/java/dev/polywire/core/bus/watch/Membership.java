package dev.polywire.core.bus.watch;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeListener;

/** The nodes of a cluster, as whoever built the Vert.x instance knows them from its cluster manager. */
public interface Membership {

    /** How many nodes are up, this one among them, or 0 when nobody knows. Any thread; does not block. */
    int size();

    /** Runs {@code left} each time a node has left or was lost, on any thread; one listener. */
    void whenNodeLeft(Runnable left);

    /**
     * That of a cluster manager. Takes the one place that a manager has for a listener, which Vert.x itself uses for its
     * high availability ({@code haEnabled}) only.
     */
    static Membership of(ClusterManager manager) {
        return new Membership() {
            @Override
            public int size() {
                return manager.isActive() ? manager.getNodes().size() : 0;
            }

            @Override
            public void whenNodeLeft(Runnable left) {
                manager.nodeListener(new NodeListener() {
                    @Override
                    public void nodeAdded(String node) {}

                    @Override
                    public void nodeLeft(String node) {
                        left.run();
                    }
                });
            }
        };
    }
}
