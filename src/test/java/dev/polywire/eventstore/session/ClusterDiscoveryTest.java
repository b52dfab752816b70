package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.target;
import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.AllowedNetworks;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.NodeRole;
import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.eventstore.wire.MemberAddress;
import dev.polywire.eventstore.wire.NodePreference;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that are found by gossip and by the DNS. */
@Timeout(60)
class ClusterDiscoveryTest {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String SECRET_ADDRESS = "{\"members\":[{\"state\":\"Master\",\"isAlive\":true,"
            + "\"externalTcpIp\":\"127.0.0.2\",\"externalTcpPort\":%d}]}";

    private static LocalEventStore three(ServerVersion version) {
        return LocalEventStore.start(
                EventStoreServerOptions.DEFAULT.like(version),
                NodeEndpoints.loopback(),
                NodeEndpoints.loopback(),
                NodeEndpoints.loopback());
    }

    private static EventStoreClusterOptions seeds(int... httpPorts) {
        return EventStoreClusterOptions.of(Arrays.stream(httpPorts)
                .mapToObj(port -> new MemberAddress(LOOPBACK, port))
                .toList());
    }

    private static ClientAtWork found(EventStoreClusterOptions cluster) {
        // The port of the endpoint does not count.
        return ClientAtWork.at(1, cluster);
    }

    private static String connected(ClientAtWork work) {
        try {
            return target(work.subscribed("s", false).poll(20, TimeUnit.SECONDS));
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static String at(ListeningNode node) {
        return LOOPBACK + ":" + node.port();
    }

    /** Both shapes, both vocabularies; a follower is asked. */
    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void theLeaderIsFound(ServerVersion version) {
        try (LocalEventStore store = three(version)) {
            List<ListeningNode> nodes = store.server().nodes();
            try (ClientAtWork work = found(seeds(nodes.get(1).httpPort())).start()) {
                assertEquals(at(nodes.get(0)), connected(work));
                Outcome.value(work.send(write("s", -1, 1)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FOLLOWER, 1", "READ_ONLY_REPLICA, 2", "LEADER, 0"})
    void thePreferredNodeIsFound(NodePreference preference, int expected) {
        try (LocalEventStore store = three(ServerVersion.V20_10)) {
            List<ListeningNode> nodes = store.server().nodes();
            Outcome.value(nodes.get(2).become(NodeRole.READ_ONLY_REPLICA));
            EventStoreClusterOptions cluster = seeds(nodes.get(0).httpPort()).preferring(preference);
            try (ClientAtWork work = found(cluster).start()) {
                assertEquals(at(nodes.get(expected)), connected(work));
                Outcome.value(work.send(write("s", -1, 1)));
            }
        }
    }

    /** The seed and the leader are gone: another node was learned, and names the new leader. */
    @Test
    void whoWasLearnedIsAskedWhenTheSeedIsGone() {
        try (LocalEventStore store = three(ServerVersion.V5_0_11)) {
            List<ListeningNode> nodes = store.server().nodes();
            try (ClientAtWork work = found(seeds(nodes.get(0).httpPort())).start()) {
                Outcome.value(work.send(write("s", -1, 1)));
                Outcome.value(nodes.get(0).close());
                Outcome.value(nodes.get(1).become(NodeRole.LEADER));
                Outcome.value(work.send(write("s", 0, 1)));
                assertEquals(at(nodes.get(1)), connected(work));
            }
        }
    }

    /** The node is there, and has lost its cluster, which has another leader: nobody would say so but gossip. */
    @Test
    void whoStaysNotReadyIsLeft() {
        try (LocalEventStore store = three(ServerVersion.V5_0_11)) {
            List<ListeningNode> nodes = store.server().nodes();
            try (ClientAtWork work = found(seeds(nodes.get(2).httpPort())).start()) {
                Outcome.value(work.send(write("s", -1, 1)));
                Outcome.value(nodes.get(1).become(NodeRole.LEADER));
                Outcome.value(nodes.get(0).become(NodeRole.NOT_READY));
                Outcome.value(work.send(write("s", 0, 1)));
                assertEquals(at(nodes.get(1)), connected(work));
            }
        }
    }

    /** A seed that nobody is at, one that is silent, and one that knows. */
    @Test
    void oneGoodSeedIsEnough() {
        try (LocalEventStore store = three(ServerVersion.V5_0_11);
                RawPeer.Door silent = new RawPeer.Door()) {
            int http = store.server().nodes().get(2).httpPort();
            EventStoreClusterOptions all = seeds(Ports.free(), silent.port(), http);
            EventStoreClusterOptions cluster = new EventStoreClusterOptions(
                    all.seeds(), null, null, NodePreference.LEADER, AllowedNetworks.ALL, 300);
            try (ClientAtWork work = found(cluster).start()) {
                Outcome.value(work.send(write("s", -1, 1)));
            }
        }
    }

    /** The node that could not be dialled is alive as gossip says: the next attempt takes another one. */
    @Test
    void whoHasFailedIsNotDialledFirstAgain() {
        try (LocalEventStore store = LocalEventStore.start()) {
            String gossip =
                    "{\"members\":[" + member("Master", Ports.free()) + "," + member("Slave", store.port()) + "]}";
            try (GossipDoor door = new GossipDoor(GossipDoor.ok(gossip));
                    ClientAtWork work = found(seeds(door.port()))) {
                assertEquals(
                        CallException.Reason.UNAVAILABLE,
                        assertInstanceOf(CallException.class, Outcome.failure(work.starting()))
                                .reason());
                assertEquals(LOOPBACK + ":" + store.port(), connected(work));
            }
        }
    }

    private static String member(String state, int port) {
        return "{\"state\":\"" + state + "\",\"isAlive\":true,\"externalTcpIp\":\"127.0.0.1\",\"externalTcpPort\":"
                + port + "}";
    }

    /** E20 */
    @ParameterizedTest
    @CsvSource({
        "one byte above 1 MiB",
        "a redirect",
        "no JSON",
        "502",
        "nobody",
        "a manager",
        "an address that is not allowed",
        "no port for TLS",
    })
    void whatDoesNotHelp(String what) {
        try (GossipDoor elsewhere = new GossipDoor(GossipDoor.ok("{}"));
                GossipDoor door = new GossipDoor(answer(what, elsewhere.port()))) {
            EventStoreClusterOptions careful = new EventStoreClusterOptions(
                    List.of(new MemberAddress(LOOPBACK, door.port())),
                    null,
                    null,
                    NodePreference.LEADER,
                    AllowedNetworks.of(List.of("127.0.0.1")),
                    2_000);
            EndpointOptions endpoint = EndpointOptions.of(LOOPBACK, 1);
            try (ClientAtWork work = new ClientAtWork(
                    what.endsWith("TLS") ? endpoint.secured() : endpoint, careful, EventStoreClientOptions.of(null))) {
                CallException why = assertInstanceOf(CallException.class, Outcome.failure(work.starting()));
                assertEquals(CallException.Reason.UNAVAILABLE, why.reason());
                assertTrue(why.getMessage().startsWith("gossip: nobody tells where a node is: "), why::getMessage);
            }
            assertEquals(0, elsewhere.asked());
        }
    }

    private static String answer(String what, int port) {
        return switch (what) {
            case "one byte above 1 MiB" -> GossipDoor.ok("{}" + " ".repeat((1 << 20) - 1));
            case "a redirect" ->
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + port + "/gossip\r\nContent-Length: 0\r\n\r\n";
            case "no JSON" -> GossipDoor.ok("<gossip/>");
            case "502" -> "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
            case "nobody" -> GossipDoor.ok("{\"members\":[]}");
            case "a manager" -> GossipDoor.ok("{\"members\":[" + member("Manager", port) + "]}");
            case "no port for TLS" -> GossipDoor.ok("{\"members\":[" + member("Master", port) + "]}");
            default -> GossipDoor.ok(String.format(SECRET_ADDRESS, port));
        };
    }

    /** SRV records for the seeds; all addresses of a name, of which one is nobody's. */
    @Test
    void namesAreLookedUp() {
        try (LocalEventStore store = three(ServerVersion.V5_0_11);
                NameServer names = new NameServer()) {
            int http = store.server().nodes().get(1).httpPort();
            names.has(
                            "_eventstore._tcp.example.com",
                            NameServer.Type.SRV,
                            NameServer.service(1, 1, http, "a.example.com"))
                    .has("a.example.com", NameServer.Type.A, NameServer.address(LOOPBACK))
                    .has(
                            "b.example.com",
                            NameServer.Type.A,
                            NameServer.address("127.0.0.9"),
                            NameServer.address(LOOPBACK));
            for (EventStoreClusterOptions cluster : List.of(
                    named(List.of(), "example.com"), named(List.of(new MemberAddress("b.example.com", http)), null))) {
                Vertx vertx = names.vertx();
                try (ClientAtWork work = new ClientAtWork(
                                vertx, EndpointOptions.of(LOOPBACK, 1), cluster, EventStoreClientOptions.of(null))
                        .start()) {
                    assertEquals(at(store.server().nodes().get(0)), connected(work));
                }
                Outcome.value(vertx.close());
            }
        }
    }

    private static EventStoreClusterOptions named(List<MemberAddress> seeds, @Nullable String service) {
        return new EventStoreClusterOptions(seeds, service, null, NodePreference.LEADER, AllowedNetworks.ALL, 2_000);
    }

    /** Gossip, the connection and the redirect, all with TLS: only the secure ports are there. */
    @Test
    void everythingWithTls(@TempDir Path directory) {
        Certificates made = Certificates.make(directory, "node", "ip:127.0.0.1");
        EndpointOptions secure = EndpointOptions.of(LOOPBACK, 0);
        secure = new EndpointOptions(
                LOOPBACK, 0, secure.connectTimeoutMillis(), new TlsOptions(null, made.certificate(), made.key(), true));
        NodeEndpoints node = new NodeEndpoints(null, secure, secure);
        TlsOptions trust = new TlsOptions(made.certificate(), null, null, true);
        try (LocalEventStore store =
                LocalEventStore.start(EventStoreServerOptions.DEFAULT.like(ServerVersion.V20_10), node, node)) {
            List<ListeningNode> nodes = store.server().nodes();
            EndpointOptions endpoint =
                    new EndpointOptions(LOOPBACK, nodes.get(1).securePort(), 5_000, trust);
            EventStoreClusterOptions cluster = new EventStoreClusterOptions(
                    List.of(new MemberAddress(LOOPBACK, nodes.get(1).httpPort())),
                    null,
                    trust,
                    NodePreference.LEADER,
                    AllowedNetworks.ALL,
                    5_000);
            String leader = LOOPBACK + ":" + nodes.get(0).securePort();
            try (ClientAtWork work = new ClientAtWork(endpoint, cluster, EventStoreClientOptions.of(null)).start()) {
                assertEquals(leader, connected(work));
            }
            try (ClientAtWork work = new ClientAtWork(
                            endpoint, EventStoreClusterOptions.NONE, EventStoreClientOptions.of(null))
                    .start()) {
                Outcome.value(work.send(write("s", -1, 1)));
                assertEquals(leader, connected(work));
            }
        }
    }
}
