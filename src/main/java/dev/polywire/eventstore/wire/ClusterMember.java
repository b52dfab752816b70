package dev.polywire.eventstore.wire;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node of a cluster, as gossip describes it.
 *
 * @param state its name: the numbers have changed between versions, and so have some names
 * @param isAlive whether the node that was asked has heard of it lately
 * @param tcp for clients, without TLS; null: nowhere
 * @param secureTcp for clients, with TLS; null: nowhere
 * @param http for gossip; null: nowhere
 * @param isReadOnlyReplica since 20.6
 */
public record ClusterMember(
        String state,
        boolean isAlive,
        @Nullable MemberAddress tcp,
        @Nullable MemberAddress secureTcp,
        @Nullable MemberAddress http,
        boolean isReadOnlyReplica) {

    /** What a client can use it for. */
    public enum Kind {
        /** Master, Leader. */
        LEADER,
        /** Slave, Follower. */
        FOLLOWER,
        /** Clone: it has all there is, and does not vote. */
        CLONE,
        READ_ONLY_REPLICA,
        /** It starts, catches up or looks for a leader; or its state is a word that nobody knows. */
        NOT_READY,
        /** Nothing: no node for clients, or one that goes. */
        USELESS
    }

    private static final Set<String> USELESS = Set.of("Manager", "ShuttingDown", "Shutdown");

    public Kind kind() {
        return switch (state) {
            case "Master", "Leader" -> Kind.LEADER;
            case "Slave", "Follower" -> Kind.FOLLOWER;
            case "Clone" -> Kind.CLONE;
            case "ReadOnlyReplica" -> Kind.READ_ONLY_REPLICA;
            default -> USELESS.contains(state) ? Kind.USELESS : Kind.NOT_READY;
        };
    }

    /** Where a client connects; null: not with this kind of connection. */
    public @Nullable MemberAddress clients(boolean secure) {
        return secure ? secureTcp : tcp;
    }
}
