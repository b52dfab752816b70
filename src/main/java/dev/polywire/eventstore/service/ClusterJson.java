package dev.polywire.eventstore.service;

import dev.polywire.core.json.Fields;
import dev.polywire.core.net.AllowedNetworks;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.eventstore.session.EventStoreClusterOptions;
import dev.polywire.eventstore.wire.MemberAddress;
import dev.polywire.eventstore.wire.NodePreference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes of a cluster are found: {@code cluster: {seeds, serviceName, gossipTls, preference, allowedNetworks,
 * gossipTimeoutMillis}}, see {@link EventStoreClusterOptions}.
 */
final class ClusterJson {

    private static final int GOSSIP_PORT = 2113;
    private static final int MAX_PORT = 65_535;

    private ClusterJson() {}

    static EventStoreClusterOptions read(Fields connector) {
        if (!connector.has("cluster")) {
            return EventStoreClusterOptions.NONE;
        }
        Fields json = connector.object("cluster");
        List<String> seeds = json.texts("seeds");
        String serviceName = json.textOrNull("serviceName");
        if (seeds.size() > EventStoreClusterOptions.MAX_SEEDS) {
            throw json.complaint(
                    "seeds", seeds.size() + " (expected: at most " + EventStoreClusterOptions.MAX_SEEDS + ")");
        }
        EventStoreClusterOptions cluster = new EventStoreClusterOptions(
                seeds.stream().map(seed -> seed(json, seed)).toList(),
                serviceName,
                json.has("gossipTls") ? TlsOptions.fromJson(json.object("gossipTls")) : null,
                json.oneOf("preference", NodePreference.class, NodePreference.LEADER),
                networks(json),
                json.int32("gossipTimeoutMillis", EventStoreClusterOptions.GOSSIP_TIMEOUT_MILLIS, 1, 60_000));
        json.done();
        if (seeds.isEmpty() == (serviceName == null)) {
            throw json.complaint(
                    "seeds",
                    seeds.isEmpty()
                            ? "none (expected: seeds or serviceName)"
                            : "beside serviceName (expected: one of them)");
        }
        return cluster;
    }

    /** The peer, for log messages and status. */
    static String target(EventStoreClusterOptions cluster, EndpointOptions endpoint) {
        if (cluster.serviceName() != null) {
            return "cluster " + cluster.serviceName();
        }
        List<MemberAddress> seeds = cluster.seeds();
        return seeds.isEmpty()
                ? endpoint.target()
                : "cluster of " + seeds.get(0) + (seeds.size() == 1 ? "" : " and " + (seeds.size() - 1) + " more");
    }

    /** {@code host}, {@code host:port}, {@code [::1]:port}. */
    private static MemberAddress seed(Fields json, String text) {
        int colon = text.lastIndexOf(':');
        boolean literal = text.startsWith("[");
        boolean hasPort = colon > text.lastIndexOf(']') && (literal || text.indexOf(':') == colon);
        String host = hasPort ? text.substring(0, colon) : text;
        Integer port = hasPort ? port(text.substring(colon + 1)) : Integer.valueOf(GOSSIP_PORT);
        String bare = literal && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (port == null || bare.isEmpty() || bare.contains("/") || !literal && bare.contains(":")) {
            throw json.complaint("seeds", "not all of them are (expected: a list of host or host:port)");
        }
        return new MemberAddress(bare, port);
    }

    private static @Nullable Integer port(String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            return null;
        }
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= MAX_PORT ? port : null;
    }

    private static AllowedNetworks networks(Fields json) {
        if (!json.has("allowedNetworks")) {
            return AllowedNetworks.ALL;
        }
        try {
            return AllowedNetworks.of(json.texts("allowedNetworks"));
        } catch (IllegalArgumentException unfit) {
            throw json.complaint(
                    "allowedNetworks",
                    "not all of them are (expected: a list of addresses or networks, as in 10.0.0.0/8)");
        }
    }
}
