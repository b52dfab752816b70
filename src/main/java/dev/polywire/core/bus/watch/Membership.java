package dev.polywire.core.bus.watch;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeListener;

/** The nodes of a cluster. The application that built the Vert.x instance has this from its cluster manager. */
public interface Membership {

    /** How many nodes are up, this one included, or 0 when the number is unknown. Any thread; does not block. */
    int size();

    /** Runs {@code left} each time a node has left or was lost, on any thread; one listener. */
    void whenNodeLeft(Runnable left);

    /**
     * The membership of a cluster manager. Takes the manager's only place for a listener; Vert.x itself uses it only for
     * its high availability ({@code haEnabled}).
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
