package dev.polywire.eventstore.session;

import dev.polywire.core.net.AllowedNetworks;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.DnsLookup;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.HttpGet;
import dev.polywire.core.net.HttpLimits;
import dev.polywire.core.net.SrvTarget;
import dev.polywire.eventstore.wire.ClusterMember;
import dev.polywire.eventstore.wire.MemberAddress;
import dev.polywire.eventstore.wire.NodePreference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the node that a client connects to: asks one node after the other for its gossip, those that it has learned of first and the seeds
 * behind them, until one names a member that can be used. Whoever has failed is asked, and dialled, after the others.
 */
final class ClusterDiscovery {

    /** Of one attempt; the next one begins with the others. */
    static final int MAX_ASKED = 10;

    private static final String TARGET = "/gossip?format=json";
    private static final String SERVICE = "_eventstore._tcp.";

    private final Vertx vertx;
    private final EndpointOptions endpoint;
    private final EventStoreClusterOptions options;
    private final DnsLookup dns;
    private final Random random = new Random();
    private List<MemberAddress> learned = List.of();
    /** Did not answer gossip; the one that failed last is the last. */
    private final Set<Source> silent = new LinkedHashSet<>();
    /** Could not be connected to. */
    private final Set<MemberAddress> failed = new LinkedHashSet<>();

    /**
     * Where gossip is asked for.
     *
     * @param host as TLS knows it
     * @param address one of the host's; null: any
     * @param named whether a peer has named it
     */
    private record Source(String host, int port, @Nullable String address, boolean named) {}

    ClusterDiscovery(Vertx vertx, EndpointOptions endpoint, EventStoreClusterOptions options) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.options = options;
        this.dns = new DnsLookup(vertx);
    }

    /**
     * The node to dial. Without a cluster it is the endpoint.
     *
     * @return fails with UNAVAILABLE when nobody tells, or nobody can be used
     */
    Future<EndpointOptions> find(NodePreference preference) {
        if (!options.isCluster()) {
            return Future.succeededFuture(endpoint);
        }
        return sources().compose(all -> ask(all, preference, MAX_ASKED, null));
    }

    boolean isOfCluster() {
        return options.isCluster();
    }

    /** Where a node is that another one has named; null: nowhere, or where we must not go. */
    @Nullable
    EndpointOptions named(@Nullable MemberAddress address) {
        return address == null || !options.allowedNetworks().allowsHost(address.host()) ? null : at(address);
    }

    /** It could not be connected to. */
    void failed(EndpointOptions node) {
        if (options.isCluster()) {
            MemberAddress address = new MemberAddress(node.host(), node.port());
            failed.remove(address);
            failed.add(address);
            if (failed.size() > GossipReader.MAX_MEMBERS) {
                failed.remove(failed.iterator().next());
            }
        }
    }

    void succeeded(EndpointOptions node) {
        if (options.isCluster()) {
            failed.remove(new MemberAddress(node.host(), node.port()));
        }
    }

    private EndpointOptions at(MemberAddress address) {
        return new EndpointOptions(address.host(), address.port(), endpoint.connectTimeoutMillis(), endpoint.tls());
    }

    private Future<Deque<Source>> sources() {
        List<Future<List<Source>>> seeds = new ArrayList<>();
        options.seeds().forEach(seed -> seeds.add(addresses(seed.host(), seed.port())));
        String service = options.serviceName();
        if (service != null) {
            seeds.add(dns.services(SERVICE + service, options.gossipTimeoutMillis())
                    .map(targets -> SrvTarget.inOrder(targets, random).stream()
                            .map(each -> new Source(each.host(), each.port(), null, true))
                            .toList()));
        }
        return Future.join(seeds).transform(over -> {
            Set<Source> all = new LinkedHashSet<>();
            List<MemberAddress> members = new ArrayList<>(learned);
            Collections.shuffle(members, random);
            members.forEach(each -> all.add(new Source(each.host(), each.port(), null, true)));
            seeds.stream().filter(Future::succeeded).forEach(each -> all.addAll(each.result()));
            silent.retainAll(all);
            all.removeAll(silent);
            Deque<Source> order = new ArrayDeque<>(all);
            order.addAll(silent);
            Throwable cause = over.cause();
            return order.isEmpty()
                    ? Future.failedFuture(
                            unavailable("no seed is found: " + (cause == null ? "none" : cause.getMessage()), cause))
                    : Future.succeededFuture(order);
        });
    }

    private Future<List<Source>> addresses(String host, int port) {
        return dns.addresses(host, options.gossipTimeoutMillis()).map(found -> {
            List<Source> all = new ArrayList<>();
            found.forEach(each -> all.add(new Source(host, port, each, false)));
            Collections.shuffle(all, random);
            return all;
        });
    }

    private Future<EndpointOptions> ask(
            Deque<Source> left, NodePreference preference, int more, @Nullable Throwable before) {
        Source source = left.poll();
        if (source == null || more == 0) {
            return Future.failedFuture(unavailable(
                    "nobody tells where a node is: " + (before == null ? "none" : before.getMessage()), before));
        }
        return gossip(source)
                .map(members -> chosen(source, members, preference))
                .recover(cause -> {
                    silent.remove(source);
                    silent.add(source);
                    return ask(left, preference, more - 1, cause);
                });
    }

    private Future<List<ClusterMember>> gossip(Source source) {
        EndpointOptions where =
                new EndpointOptions(source.host(), source.port(), options.gossipTimeoutMillis(), options.gossipTls());
        String address = source.address();
        AllowedNetworks networks = source.named()
                ? options.allowedNetworks()
                : address == null ? AllowedNetworks.ALL : AllowedNetworks.of(List.of(address));
        HttpGet http = new HttpGet(vertx, where, HttpLimits.DEFAULT, networks);
        return http.get(TARGET, options.gossipTimeoutMillis())
                .map(GossipReader::read)
                .onComplete(over -> http.close());
    }

    private EndpointOptions chosen(Source source, List<ClusterMember> members, NodePreference preference) {
        silent.remove(source);
        List<MemberAddress> others = new ArrayList<>();
        for (ClusterMember each : members) {
            MemberAddress http = each.http();
            if (http != null && options.allowedNetworks().allowsHost(http.host())) {
                others.add(http);
            }
        }
        learned = others;
        for (ClusterMember each : preference.order(members, endpoint.tls() != null, failed, random)) {
            EndpointOptions node = named(each.clients(endpoint.tls() != null));
            if (node != null) {
                return node;
            }
        }
        throw unavailable("of " + members.size() + " members none can be used", null);
    }

    private static CallException unavailable(String why, @Nullable Throwable cause) {
        return new CallException(Reason.UNAVAILABLE, "gossip: " + why, cause);
    }
}
