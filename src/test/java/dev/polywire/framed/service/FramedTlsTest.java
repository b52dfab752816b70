package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Certificates;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C3-7: TLS by options, and what people get wrong with it. */
class FramedTlsTest {

    private static final JsonObject HELLO = new JsonObject().put("value", "hello");

    @TempDir
    static Path directory;

    private static Certificates loopback;
    private static Certificates elsewhere;
    private static Certificates user;

    private final FramedBus bus = new FramedBus();

    @BeforeAll
    static void make() {
        loopback = Certificates.make(directory, "loopback", "ip:127.0.0.1");
        elsewhere = Certificates.make(directory, "elsewhere", "dns:elsewhere.example");
        user = Certificates.make(directory, "user", "dns:user.example");
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void bothWays() {
        bus.client(serve(identity(loopback)), tls(trust(loopback)));
        roundTrip();
    }

    @Test
    void aClientWithACertificate() {
        int port = serve(identity(loopback).put("trust", user.certificate()));
        bus.client(port, tls(identity(user).put("trust", loopback.certificate())));
        roundTrip();
    }

    @Test
    void anotherHostWhenItIsNotVerified() {
        bus.client(serve(identity(elsewhere)), tls(trust(elsewhere).put("verifyHost", false)));
        roundTrip();
    }

    private void roundTrip() {
        try (Items atServer = bus.items(bus.server());
                Items atClient = bus.items(bus.client())) {
            Outcome.value(bus.client().send(HELLO));
            Outcome.value(bus.server().send(atServer.next()));
            assertEquals("hello", atClient.next().getString("value"));
        }
    }

    @Test
    void aServerNobodyTrusts() {
        assertRefused(serve(identity(loopback)), trust(elsewhere));
    }

    @Test
    void anotherHost() {
        assertRefused(serve(identity(elsewhere)), trust(elsewhere));
    }

    /** With TLS 1.3 the client hears of it behind its handshake, so it may look connected for a moment. */
    @Test
    void aClientWithoutTheCertificateThatIsAskedFor() {
        int port = serve(identity(loopback).put("trust", user.certificate()));
        for (JsonObject tls : List.of(trust(loopback), identity(elsewhere).put("trust", loopback.certificate()))) {
            String client = bus.client(port, tls(tls));
            try (Items items = bus.items(bus.server())) {
                await().until(() -> Outcome.value(bus.client().status()).containsKey("reason"));
                assertEquals(0, items.rest().size());
                assertEquals(0, bus.counter(bus.server(), "received"));
            }
            Outcome.value(bus.vertx.undeploy(client));
        }
    }

    @Test
    void plainTextOnATlsPort() {
        int port = serve(identity(loopback));
        try (Items items = bus.items(bus.server());
                FramedPeer plain = FramedPeer.connect(port)) {
            plain.send("1");
            plain.readToEnd();
            assertEquals(0, items.rest().size());
            assertEquals(0, bus.counter(bus.server(), "received"));
        }
    }

    /** The client is told why by its own status and by every request, and goes on trying: the server may change. */
    private void assertRefused(int port, JsonObject tls) {
        bus.client(port, tls(tls));
        awaitReason("TLS with 127.0.0.1:" + port);
        String failure =
                failure(FramedService.proxy(bus.vertx, FramedBus.CLIENT, 50).send(HELLO));
        assertTrue(failure.contains("TLS with 127.0.0.1:" + port), failure);
        Throwable failFast = Outcome.failure(bus.deploying(
                new FramedClientVerticle(),
                tls(tls).put("port", port).put("failFast", true).put("name", "hasty")));
        assertTrue(failure(io.vertx.core.Future.failedFuture(failFast)).startsWith("UNAUTHENTICATED TLS with "));
    }

    /** The first handshake of a JVM may take longer than any deadline that a test would wait for. */
    private void awaitReason(String part) {
        await().until(() ->
                Outcome.value(bus.client().status()).getString("reason", "").contains(part));
    }

    @Test
    void aServerWithoutACertificate() {
        Throwable failed = Outcome.failure(
                bus.deploying(new FramedServerVerticle(), tls(trust(loopback)).put("port", 0)));
        assertEquals("tls.certificate: missing (expected: a PEM file, on a server)", failed.getMessage());
    }

    @Test
    void aServerWhoseFilesAreMissing() {
        String missing = directory.resolve("missing.pem").toString();
        Throwable failed = Outcome.failure(bus.deploying(
                new FramedServerVerticle(),
                tls(new JsonObject().put("certificate", missing).put("key", missing))
                        .put("port", 0)));
        assertTrue(failed.toString().contains("missing.pem"), failed::toString);
        assertFalse(bus.vertx.deploymentIDs().iterator().hasNext());
    }

    @Test
    void aClientWhoseFilesAreMissing() {
        String missing = directory.resolve("missing.pem").toString();
        bus.client(serve(identity(loopback)), tls(new JsonObject().put("trust", missing)));
        awaitReason("missing.pem");
        String failure =
                failure(FramedService.proxy(bus.vertx, FramedBus.CLIENT, 50).send(HELLO));
        assertTrue(failure.contains("missing.pem"), failure);
    }

    private int serve(JsonObject tls) {
        return bus.server(tls(tls));
    }

    private static JsonObject tls(JsonObject tls) {
        return new JsonObject().put("tls", tls);
    }

    private static JsonObject identity(Certificates identity) {
        return new JsonObject().put("certificate", identity.certificate()).put("key", identity.key());
    }

    private static JsonObject trust(Certificates other) {
        return new JsonObject().put("trust", other.certificate());
    }
}
