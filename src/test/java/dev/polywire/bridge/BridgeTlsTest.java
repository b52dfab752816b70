package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.testing.Canary;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.TlsSockets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bridge for other machines: TLS, certificates as credentials, and others while it runs. */
class BridgeTlsTest {

    private static final String TOKEN = Canary.of("reports");

    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates reports;
    private static Certificates stranger;
    private static Certificates untrusted;

    private BridgeRig rig;

    @BeforeAll
    static void certificates() throws Exception {
        server = Certificates.make(directory, "server", "ip:127.0.0.1,dns:localhost");
        reports = Certificates.make(directory, "reports", "dns:reports.test,email:reports@polywire.test");
        stranger = Certificates.make(directory, "stranger", "dns:stranger.test");
        untrusted = Certificates.make(directory, "untrusted", "dns:reports.test");
        Files.writeString(
                directory.resolve("trust.pem"),
                Files.readString(Path.of(reports.certificate())) + Files.readString(Path.of(stranger.certificate())));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static JsonObject tls(Certificates identity) {
        return new JsonObject().put("certificate", identity.certificate()).put("key", identity.key());
    }

    private static JsonObject config(JsonObject tls, JsonObject... clients) {
        JsonArray all = new JsonArray();
        for (JsonObject each : clients) {
            all.add(each.put("call", new JsonArray().add(call("svc"))));
        }
        return new JsonObject().put("host", "0.0.0.0").put("tls", tls).put("clients", all);
    }

    private static JsonObject withToken() {
        return new JsonObject().put("name", "token").put("token", TOKEN);
    }

    private static JsonObject withCertificate(String name) {
        return new JsonObject().put("name", "certificate").put("certificate", name);
    }

    private void start(JsonObject config) {
        rig = new BridgeRig(config);
        rig.vertx.eventBus().consumer("svc", message -> message.reply("done"));
    }

    private BridgeClient connect(Certificates trusted, Certificates identity) {
        return new BridgeClient(TlsSockets.of(trusted, identity), rig.port());
    }

    private static String asks(BridgeClient client) {
        JsonObject answer = client.request("svc", "any", null).read();
        return answer.getString("type").equals("err") ? answer.getString("message") : answer.getString("body");
    }

    @Test
    void aTokenOverTls() {
        start(config(tls(server), withToken()));
        try (BridgeClient client = connect(server, null)) {
            assertEquals("not_logged_in", asks(client));
            assertEquals("token", client.logsIn(TOKEN).getString("client"));
            assertEquals("done", asks(client));
        }
        try (BridgeClient plain = rig.client()) {
            plain.text("{\"type\":\"ping\"}").readsToEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reports", "reports.test", "reports@polywire.test"})
    void aCertificateIsALogin(String name) {
        JsonObject tls = tls(server).put("trust", directory.resolve("trust.pem").toString());
        start(config(tls, withCertificate(name)));
        try (BridgeClient client = connect(server, reports)) {
            assertEquals("done", asks(client));
            assertEquals("already_logged_in", client.logsIn(TOKEN).getString("message"));
        }
        try (BridgeClient client = connect(server, stranger)) {
            assertEquals("not_logged_in", asks(client));
        }
        for (Certificates identity : new Certificates[] {null, untrusted}) {
            assertThrows(UncheckedIOException.class, () -> asks(connect(server, identity)));
        }
    }

    @Test
    void whoHasATokenNeedsNoCertificateBesideThoseWhoHaveOne() {
        JsonObject tls = tls(server).put("trust", directory.resolve("trust.pem").toString());
        start(config(tls, withCertificate("reports.test"), withToken()));
        try (BridgeClient client = connect(server, null)) {
            assertEquals("token", client.logsIn(TOKEN).getString("client"));
        }
        try (BridgeClient client = connect(server, reports)) {
            assertEquals("done", asks(client));
        }
        try (BridgeClient client = connect(server, stranger)) {
            assertEquals("token", client.logsIn(TOKEN).getString("client"));
        }
    }

    /** The same files with other contents, as they are when a certificate is renewed. */
    @Test
    void aReloadReadsTheCertificatesAgain() throws Exception {
        Path certificate = directory.resolve("current.crt");
        Path key = directory.resolve("current.key");
        install(server, certificate, key);
        JsonObject tls =
                new JsonObject().put("certificate", certificate.toString()).put("key", key.toString());
        start(config(tls, withToken()));
        try (BridgeClient before = connect(server, null)) {
            before.logsIn(TOKEN);

            install(reports, certificate, key);
            await(rig.reload(config(tls, withToken())));
            try (BridgeClient after = connect(reports, null)) {
                after.logsIn(TOKEN);
                assertEquals("done", asks(after));
            }
            assertThrows(UncheckedIOException.class, () -> asks(connect(server, null)));

            Files.writeString(certificate, "no certificate");
            Outcome.failure(rig.reload(config(tls)));
            Outcome.failure(rig.reload(config(tls, withToken())));
            try (BridgeClient after = connect(reports, null)) {
                after.logsIn(TOKEN);
            }
            assertEquals("done", asks(before));
        }
    }

    private static void install(Certificates identity, Path certificate, Path key) throws Exception {
        Files.copy(Path.of(identity.certificate()), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Path.of(identity.key()), key, StandardCopyOption.REPLACE_EXISTING);
    }
}
