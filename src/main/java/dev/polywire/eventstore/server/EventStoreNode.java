package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.WriteMessage;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/** One node: the database as its clients see it there, which depends on the node's role. */
final class EventStoreNode {

    private final EventStoreCluster cluster;
    private final UUID instanceId;
    private NodeRole role;
    private NodeAddress address = NodeAddress.NOWHERE;
    private boolean isReachable = true;
    /** Of groups, through this node. Those that have left go with the garbage. */
    private final Set<StoreSession> subscribers = Collections.newSetFromMap(new WeakHashMap<>());

    private final NodeFaults faults;

    /** A single node. */
    EventStoreNode(EventStoreDatabase database) {
        this(new EventStoreCluster(database), new UUID(0, 1));
    }

    /** One of a cluster: the first one leads it, the others follow. */
    EventStoreNode(EventStoreCluster cluster, UUID instanceId) {
        this.cluster = cluster;
        this.instanceId = instanceId;
        this.role = cluster.nodes().isEmpty() ? NodeRole.LEADER : NodeRole.FOLLOWER;
        this.faults = new NodeFaults(cluster.database().counters());
        cluster.add(this);
    }

    EventStoreDatabase database() {
        return cluster.database();
    }

    EventStoreCluster cluster() {
        return cluster;
    }

    NodeFaults faults() {
        return faults;
    }

    /** Tells it from others in gossip. */
    UUID instanceId() {
        return instanceId;
    }

    NodeRole role() {
        return role;
    }

    /** A new leader makes the old one a follower, whose clients lose their persistent subscriptions. */
    void role(NodeRole role) {
        EventStoreNode leader = cluster.leader();
        if (role == NodeRole.LEADER && leader != this) {
            cluster.beginEpoch();
            if (leader != null) {
                leader.role(NodeRole.FOLLOWER);
            }
        } else if (role != NodeRole.LEADER) {
            List.copyOf(subscribers).forEach(database().groups()::drop);
            subscribers.clear();
        }
        this.role = role;
    }

    NodeAddress address() {
        return address;
    }

    void address(NodeAddress address) {
        this.address = address;
    }

    /** Whether other nodes get through to it: a node that is closed keeps its role, until somebody takes it. */
    boolean isReachable() {
        return isReachable;
    }

    void reachable(boolean isReachable) {
        this.isReachable = isReachable;
    }

    /** Whether it can tell who somebody is. */
    boolean knowsUsers() {
        return role != NodeRole.NOT_READY;
    }

    /** Has a request done, here or at the leader; or refuses it, or passes it over, as a node of this role does. @param here does it */
    void handle(StoreRequest request, EventStoreMessage message, Consumer<StoreRequest> here) {
        if (role == NodeRole.LEADER) {
            if (message instanceof PersistentMessage.ConnectToPersistentSubscription) {
                subscribers.add(request.from());
            }
            cluster.lead(request, message, here);
            return;
        }
        EventStoreNode leader = cluster.leader();
        boolean ready = role != NodeRole.NOT_READY && leader != null;
        switch (NodeRules.wish(message)) {
            case ANYWHERE -> here.accept(request);
            case SETTLEMENT -> {}
            case LEADERS_READ, LEADERS_CHANGE, GROUP ->
                refuse(request, ready ? NotHandledReason.NOT_LEADER : NotHandledReason.NOT_READY);
            case CHANGE -> {
                if (leader == null || !ready) {
                    refuse(request, NotHandledReason.NOT_READY);
                } else if (role == NodeRole.READ_ONLY_REPLICA) {
                    refuse(request, NotHandledReason.IS_READ_ONLY);
                } else {
                    cluster.forward(leader, request, message, here);
                }
            }
        }
    }

    /** What a client of this node is told: answers that come from the leader have lost something on their way. */
    EventStoreMessage told(EventStoreMessage answer) {
        return role == NodeRole.FOLLOWER && answer instanceof WriteMessage.TransactionCommitCompleted done
                ? new WriteMessage.TransactionCommitCompleted(
                        done.transactionId(),
                        done.result(),
                        done.message(),
                        done.firstEventNumber(),
                        done.lastEventNumber(),
                        0,
                        0)
                : answer;
    }

    private void refuse(StoreRequest request, NotHandledReason reason) {
        EventStoreNode leader = cluster.leader();
        request.answer(new ConnectionMessage.NotHandled(
                reason,
                reason == NotHandledReason.NOT_READY || leader == null
                        ? null
                        : leader.address().leaderInfo()));
    }
}
