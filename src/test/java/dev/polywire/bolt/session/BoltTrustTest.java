package dev.polywire.bolt.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Ports;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client of a cluster some of whose servers have a certificate that it does not accept. */
class BoltTrustTest {

    private static final TransactionOptions READS = TransactionOptions.DEFAULT.readOnly(true);

    @TempDir
    static Path directory;

    private static Certificates known;
    private static Certificates stranger;

    private final Loop loop = new Loop();
    private final ScriptedBolt good = server(known);
    private final ScriptedBolt bad = server(stranger);
    private final ScriptedBolt worse = server(stranger);
    private Deadline deadline;
    private BoltClient client;
    private BoltSession session;

    @BeforeAll
    static void certificates() {
        known = Certificates.make(directory, "known", "ip:127.0.0.1");
        stranger = Certificates.make(directory, "stranger", "ip:127.0.0.1");
    }

    @BeforeEach
    void connect() {
        BoltSessionOptions options =
                BoltSessionOptions.of(BoltUri.parse("neo4j://127.0.0.1:" + good.port), AuthToken.none());
        client = loop.call(() -> new BoltClient(
                loop.vertx(),
                new BoltSessionOptions(
                        options.uri(),
                        new TlsOptions(known.certificate(), null, null, true),
                        5_000,
                        options.auth(),
                        new BoltClientOptions("Test/1.0", AuthToken.none()),
                        options.pool(),
                        0)));
        session = client.session();
        deadline = loop.call(() -> Deadline.after(loop.vertx(), 15_000));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private ScriptedBolt server(Certificates identity) {
        return new ScriptedBolt(
                loop,
                new EndpointOptions(
                        "127.0.0.1", 0, 5_000, new TlsOptions(null, identity.certificate(), identity.key(), true)));
    }

    /** @param ttlSeconds 0: it is asked for again each time */
    private void table(long ttlSeconds, List<Integer> routers, List<Integer> readers) {
        good.script((peer, request) -> {
            boolean route = request.request() instanceof BoltRequest.Route;
            if (route) {
                List<Object> servers = List.of(role("ROUTE", routers), role("READ", readers));
                peer.success(request, Map.of("rt", Map.of("ttl", ttlSeconds, "servers", servers)));
            }
            return route;
        });
    }

    private static Map<String, Object> role(String role, List<Integer> ports) {
        return Map.of(
                "role",
                role,
                "addresses",
                ports.stream().map(port -> "127.0.0.1:" + port).toList());
    }

    private Future<Boolean> read() {
        return session.run("query", Map.of(), READS, deadline)
                .compose(result -> result.pull(-1, row -> true, deadline));
    }

    private int port(String name) {
        return switch (name) {
            case "good" -> good.port;
            case "bad" -> bad.port;
            case "worse" -> worse.port;
            default -> Ports.free();
        };
    }

    /** The next server may have a better one. What is told, when there is none, does not depend on their order. */
    @ParameterizedTest
    @CsvSource({
        "bad, good, ",
        "good, bad, ",
        "down, good, ",
        "bad, worse, UNAUTHENTICATED",
        "bad, bad, UNAUTHENTICATED",
        "bad, down, UNAVAILABLE",
        "down, bad, UNAVAILABLE",
    })
    void readers(String first, String second, Reason told) {
        table(300, List.of(good.port), List.of(port(first), port(second)));
        for (int i = 0; i < 3; i++) {
            if (told == null) {
                loop.join(this::read);
            } else {
                assertEquals(
                        told,
                        assertInstanceOf(CallException.class, loop.failure(this::read))
                                .reason());
            }
        }
    }

    /** Whoever insists on a first connection has one. */
    @ParameterizedTest
    @CsvSource({"bad, good, ", "bad, worse, UNAUTHENTICATED"})
    void theFirstConnection(String first, String second, Reason told) {
        table(300, List.of(good.port), List.of(port(first), port(second)));
        Future<Void> started = loop.call(client::start);
        if (told == null) {
            Loop.await(started);
        } else {
            assertEquals(
                    told,
                    assertInstanceOf(CallException.class, loop.failure(() -> started))
                            .reason());
        }
    }

    @Test
    void routers() {
        table(0, List.of(bad.port, worse.port, good.port), List.of(good.port));
        for (int i = 0; i < 3; i++) {
            loop.join(this::read);
        }
        assertEquals(
                3, good.asked.stream().filter(line -> line.endsWith(" ROUTE")).count());
    }
}
