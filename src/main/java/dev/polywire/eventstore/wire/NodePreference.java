package dev.polywire.eventstore.wire;

import dev.polywire.eventstore.wire.ClusterMember.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which node of a cluster a client connects to. Where no node of the first kind is alive it takes the next:
 *
 * <pre>
 *   LEADER              leader, follower, clone, read-only replica
 *   FOLLOWER            follower, clone, leader, read-only replica
 *   RANDOM              leader or follower or clone; read-only replica
 *   READ_ONLY_REPLICA   read-only replica, follower, clone, leader
 * </pre>
 *
 * <p>Nodes that are not ready come last, those that are not alive or not for clients never. A read-only replica is never chosen by
 * chance, because it refuses writes.
 */
public enum NodePreference {
    LEADER(Set.of(Kind.LEADER), Set.of(Kind.FOLLOWER), Set.of(Kind.CLONE), Set.of(Kind.READ_ONLY_REPLICA)),
    FOLLOWER(Set.of(Kind.FOLLOWER), Set.of(Kind.CLONE), Set.of(Kind.LEADER), Set.of(Kind.READ_ONLY_REPLICA)),
    RANDOM(EnumSet.of(Kind.LEADER, Kind.FOLLOWER, Kind.CLONE), Set.of(Kind.READ_ONLY_REPLICA)),
    READ_ONLY_REPLICA(Set.of(Kind.READ_ONLY_REPLICA), Set.of(Kind.FOLLOWER), Set.of(Kind.CLONE), Set.of(Kind.LEADER));

    private final List<Set<Kind>> order;

    @SafeVarargs
    NodePreference(Set<Kind>... order) {
        this.order = List.of(order);
    }

    /**
     * The members that a client may connect to, the best first; those of equal worth in an order by chance.
     *
     * @param secure whether the connection has TLS: members without such a listener are left out
     * @param failed those that could not be connected to lately: they come after the others, whatever they are
     */
    public List<ClusterMember> order(
            Collection<ClusterMember> members, boolean secure, Set<MemberAddress> failed, RandomGenerator random) {
        List<ClusterMember> usable = new ArrayList<>();
        for (ClusterMember each : members) {
            if (each.isAlive() && each.kind() != Kind.USELESS && each.clients(secure) != null) {
                usable.add(random.nextInt(usable.size() + 1), each);
            }
        }
        usable.sort(Comparator.<ClusterMember, Boolean>comparing(each -> failed.contains(each.clients(secure)))
                .thenComparing(each -> rank(each.kind())));
        return usable;
    }

    private int rank(Kind kind) {
        for (int i = 0; i < order.size(); i++) {
            if (order.get(i).contains(kind)) {
                return i;
            }
        }
        return order.size();
    }
}
