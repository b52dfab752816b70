package dev.polywire.eventstore.session;

import dev.polywire.core.net.AllowedNetworks;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.core.wire.Limits;
import dev.polywire.eventstore.wire.MemberAddress;
import dev.polywire.eventstore.wire.NodePreference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client finds the nodes of a cluster, and which one it wants. Without seeds and without a service it dials its endpoint alone, and
 * whatever a node there says about the leader.
 *
 * @param seeds where nodes answer gossip, over HTTP; of a name all addresses are asked. At most 64
 * @param serviceName the DNS has SRV records of {@code _eventstore._tcp.<serviceName>}, whose targets are where nodes answer gossip;
 *     null: no such records
 * @param gossipTls null: gossip without TLS
 * @param preference which node the connection is made to; default LEADER
 * @param allowedNetworks where the addresses must lie that gossip and nodes name; the seeds and the endpoint are free
 * @param gossipTimeoutMillis for one answer, 1 to 60,000; default 1,000
 */
public record EventStoreClusterOptions(
        List<MemberAddress> seeds,
        @Nullable String serviceName,
        @Nullable TlsOptions gossipTls,
        NodePreference preference,
        AllowedNetworks allowedNetworks,
        int gossipTimeoutMillis) {

    /** That of .NET's client. */
    public static final int GOSSIP_TIMEOUT_MILLIS = 1_000;

    public static final int MAX_SEEDS = 64;

    /** The endpoint alone. */
    public static final EventStoreClusterOptions NONE = of(List.of());

    public EventStoreClusterOptions {
        seeds = List.copyOf(seeds);
        Limits.range("seeds", seeds.size(), 0, MAX_SEEDS);
        Limits.range("gossipTimeoutMillis", gossipTimeoutMillis, 1, 60_000);
    }

    /** By gossip without TLS, and with the defaults. */
    public static EventStoreClusterOptions of(List<MemberAddress> seeds) {
        return new EventStoreClusterOptions(
                seeds, null, null, NodePreference.LEADER, AllowedNetworks.ALL, GOSSIP_TIMEOUT_MILLIS);
    }

    /** The same with another preference. */
    public EventStoreClusterOptions preferring(NodePreference other) {
        return new EventStoreClusterOptions(seeds, serviceName, gossipTls, other, allowedNetworks, gossipTimeoutMillis);
    }

    /** Whether nodes are asked where the others are. */
    boolean isCluster() {
        return !seeds.isEmpty() || serviceName != null;
    }
}
