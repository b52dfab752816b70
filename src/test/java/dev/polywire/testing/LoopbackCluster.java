package dev.polywire.testing;

import dev.polywire.core.bus.watch.Membership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Nodes of a Vert.x cluster in this JVM. They listen on loopback only, and find no cluster but their own. */
public final class LoopbackCluster implements AutoCloseable {

    /** Every member that leaves is a warning for those that stay. */
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    private final String name = "polywire-" + UUID.randomUUID();
    private final List<LoopbackNode> nodes = new ArrayList<>();

    /** @param size nodes to start, one after the other */
    public LoopbackCluster(int size) {
        HAZELCAST.setLevel(Level.SEVERE);
        for (int i = 0; i < size; i++) {
            join();
        }
    }

    public Vertx node(int index) {
        return nodes.get(index).vertx();
    }

    /** What a node knows of the others. */
    public Membership membership(int index) {
        return nodes.get(index).membership();
    }

    /** One node more. */
    public Vertx join() {
        nodes.add(Outcome.value(LoopbackNode.join(name, members())));
        return node(nodes.size() - 1);
    }

    /** Its name, for nodes in other JVMs. */
    public String name() {
        return name;
    }

    /** Where its nodes are, for nodes in other JVMs. */
    public List<String> members() {
        return nodes.stream().map(LoopbackNode::member).toList();
    }

    /** One after the other: nodes that leave together wait for each other. The eldest, who leads, is the last. */
    @Override
    public void close() {
        Collections.reverse(nodes);
        for (LoopbackNode node : nodes) {
            Outcome.value(node.vertx().close().recover(closedBefore -> Future.succeededFuture()));
        }
    }
}
