package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.HttpGet;
import dev.polywire.core.net.HttpLimits;
import dev.polywire.core.net.HttpRequest;
import dev.polywire.core.net.HttpResponse;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Loop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gossip and the replay of parked events. */
class NodeHttpTest {

    private EventStoreDatabase database = database(ServerVersion.V5_0_11);
    private EventStoreCluster cluster = new EventStoreCluster(database);
    private final EventStoreNode leader = node(3113);
    private final EventStoreNode follower = node(3213);
    private final EventStoreNode third = node(3313);

    private static EventStoreDatabase database(ServerVersion version) {
        return new EventStoreDatabase(version, () -> 1_795_000_000_123L, () -> 0);
    }

    private EventStoreNode node(int port) {
        EventStoreNode made = new EventStoreNode(cluster, new UUID(1, port));
        made.address(new NodeAddress("127.0.0.1", port, 0, port + 1));
        return made;
    }

    @Test
    void gossipHasTheShapeOfTheRecordedOne() throws IOException {
        JsonObject recorded = recorded("cluster-gossip.json");
        JsonObject ours = gossip(leader);

        assertEquals(List.copyOf(recorded.fieldNames()), List.copyOf(ours.fieldNames()));
        assertEquals(3, ours.getJsonArray("members").size());
        for (int i = 0; i < 3; i++) {
            JsonObject expected = recorded.getJsonArray("members").getJsonObject(i);
            JsonObject member = ours.getJsonArray("members").getJsonObject(i);
            assertEquals(List.copyOf(expected.fieldNames()), List.copyOf(member.fieldNames()));
            expected.fieldNames()
                    .forEach(name -> assertEquals(
                            expected.getValue(name) instanceof Number, member.getValue(name) instanceof Number, name));
        }
    }

    @Test
    void gossipFollowsFromTheRoles() {
        third.role(NodeRole.NOT_READY);
        assertEquals(List.of("Master true", "Slave true", "Unknown true"), states(gossip(follower)));

        leader.reachable(false);
        assertEquals(List.of("Unknown false", "Slave true", "Unknown true"), states(gossip(follower)), "as recorded");

        follower.role(NodeRole.LEADER);
        leader.reachable(true);
        assertEquals(List.of("Slave true", "Master true", "Unknown true"), states(gossip(third)));
        assertEquals(2, gossip(third).getJsonArray("members").getJsonObject(0).getInteger("epochNumber"));
    }

    @Test
    void itSaysWhoWasAskedAndWhereTheOthersAre() {
        JsonObject ours = gossip(follower);

        assertEquals("127.0.0.1", ours.getString("serverIp"));
        assertEquals(3214, ours.getInteger("serverPort"));
        JsonObject member = ours.getJsonArray("members").getJsonObject(2);
        assertEquals(3313, member.getInteger("externalTcpPort"));
        assertEquals(3314, member.getInteger("externalHttpPort"));
        assertEquals("2026-11-18T11:06:40.123Z", member.getString("timeStamp"));
    }

    @Test
    void since20GossipHasOtherNames() {
        database = database(ServerVersion.V20_10);
        cluster = new EventStoreCluster(database);
        EventStoreNode first = node(4113);
        node(4213);
        node(4313).role(NodeRole.READ_ONLY_REPLICA);

        JsonObject ours = gossip(first);

        assertEquals(List.of("Leader true", "Follower true", "ReadOnlyReplica true"), states(ours));
        JsonObject member = ours.getJsonArray("members").getJsonObject(2);
        assertEquals(4314, member.getInteger("httpEndPointPort"));
        assertEquals(true, member.getBoolean("isReadOnlyReplica"));
        assertNull(member.getValue("externalHttpPort"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  gossip/more,                 '', 404",
        "GET,  subscriptions/s/g/replayParked, admin:changeit, 404",
        "POST, gossip,                      admin:changeit, 404",
        "POST, subscriptions/s/g/replayParked, '',             401",
        "POST, subscriptions/s/g/replayParked, admin:wrong,    401",
        "POST, subscriptions/s/g/replayParked, nobody:changeit, 401",
        "POST, subscriptions/s/g/replayParked, ops:changeit,   404",
        "POST, subscriptions/s/g/replayParked, admin:changeit, 404",
        "POST, subscriptions/s/g/viewParked, admin:changeit,   404",
    })
    void otherRequestsAreRefused(HttpRequest.Method method, String path, String user, int status) {
        String authorization = user.isEmpty()
                ? ""
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));

        assertEquals(status, asked(leader, method, path, authorization).status());
    }

    @Test
    void whatIsNoBasicAuthenticationIsRefused() {
        for (String authorization : List.of("Basic", "Basic !", "Bearer YTpi", "Basic YQ==", "Basic /w==")) {
            assertEquals(
                    401,
                    asked(leader, HttpRequest.Method.POST, "subscriptions/s/g/replayParked", authorization)
                            .status(),
                    authorization);
        }
    }

    @Test
    void onlyALeaderReplays() {
        String admin = "Basic YWRtaW46Y2hhbmdlaXQ=";

        assertEquals(
                503,
                asked(follower, HttpRequest.Method.POST, "subscriptions/s/g/replayParked", admin)
                        .status());
    }

    @Test
    void aNodeAnswersOverHttpAndHttps(@TempDir Path directory) {
        Certificates identity = Certificates.make(directory, "store", "ip:127.0.0.1");
        EndpointOptions secure = new EndpointOptions("127.0.0.1", 0, 10_000, EventStoreServerTest.tls(identity));
        try (LocalEventStore store = LocalEventStore.start(
                        EventStoreServerOptions.DEFAULT,
                        NodeEndpoints.loopback(),
                        new NodeEndpoints(EndpointOptions.of("127.0.0.1", 0), null, secure));
                Loop loop = new Loop()) {
            for (ListeningNode each : store.server().nodes()) {
                boolean first = each == store.server().nodes().get(0);
                TlsOptions tls = first ? null : new TlsOptions(identity.certificate(), null, null, true);
                EndpointOptions endpoint = new EndpointOptions("127.0.0.1", each.httpPort(), 10_000, tls);
                HttpGet client = loop.call(() -> new HttpGet(loop.vertx(), endpoint, HttpLimits.DEFAULT));

                HttpResponse answer = loop.join(() -> client.get("/gossip?format=json", 10_000));

                assertEquals(200, answer.status());
                assertEquals(
                        List.of("Master true", "Slave true"),
                        states(answer.body().toJsonObject()));
                loop.join(client::close);
            }
        }
    }

    private static JsonObject recorded(String name) throws IOException {
        try (InputStream in = NodeHttpTest.class.getResourceAsStream("/eventstore/5.0.11/" + name)) {
            return new JsonObject(Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes()));
        }
    }

    private static JsonObject gossip(EventStoreNode node) {
        HttpResponse answer = asked(node, HttpRequest.Method.GET, "gossip", "");
        assertEquals(200, answer.status());
        assertEquals("application/json; charset=utf-8", answer.contentType());
        return answer.body().toJsonObject();
    }

    private static List<String> states(JsonObject gossip) {
        return gossip.getJsonArray("members").stream()
                .map(JsonObject.class::cast)
                .map(member -> member.getString("state") + " " + member.getBoolean("isAlive"))
                .toList();
    }

    private static HttpResponse asked(
            EventStoreNode node, HttpRequest.Method method, String path, String authorization) {
        return new NodeHttp(node)
                .answer(new HttpRequest(method, List.of(path.split("/")), authorization, Buffer.buffer()));
    }
}
