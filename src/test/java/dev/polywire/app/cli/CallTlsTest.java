package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Porter;
import dev.polywire.testing.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line at a bridge with TLS: what goes wrong before anything is asked is never an unknown outcome. */
@Timeout(60)
class CallTlsTest {

    private static final String NEEDS_TLS =
            " speaks TLS (expected: --tls, or --tls-trust with its certificate or authority)";

    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates reports;
    private static Certificates stranger;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeAll
    static void certificates() {
        server = Certificates.make(directory, "server", "ip:127.0.0.1");
        reports = Certificates.make(directory, "reports", "dns:reports.test");
        stranger = Certificates.make(directory, "stranger", "dns:stranger.test");
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** @return its port */
    private String bridge(JsonObject tls) {
        vertx.eventBus().consumer("svc", message -> {
            asked.incrementAndGet();
            message.reply("done");
        });
        JsonArray svc =
                new JsonArray().add(new JsonObject().put("address", "svc").put("actions", "*"));
        JsonObject client = new JsonObject().put("name", "reports").put("call", svc);
        JsonObject config = new JsonObject().put("port", 0).put("host", "127.0.0.1");
        if (tls == null) {
            config.put("call", svc);
        } else {
            config.put("tls", tls.put("certificate", server.certificate()).put("key", server.key()));
            client.put(
                    tls.containsKey("trust") ? "certificate" : "token",
                    tls.containsKey("trust") ? "reports.test" : Canary.of("reports"));
            config.put("clients", new JsonArray().add(client));
        }
        TcpBridgeVerticle bridge = new TcpBridgeVerticle();
        Outcome.value(vertx.deployVerticle(bridge, new DeploymentOptions().setConfig(config)));
        return Integer.toString(bridge.actualPort());
    }

    private static JsonObject forCertificates() {
        return new JsonObject().put("trust", reports.certificate());
    }

    private static Ran call(String port, String... more) {
        return of("call", port, more);
    }

    private static Ran of(String command, String port, String... more) {
        List<String> all = new ArrayList<>(List.of(command, "--port", port));
        all.addAll(List.of(more));
        all.addAll(
                switch (command) {
                    case "status" -> List.of();
                    case "watch" -> List.of("svc");
                    default -> List.of("svc", "do");
                });
        return Ran.command(all.toArray(new String[0]));
    }

    private static void says(Ran ran, String words) {
        assertTrue(ran.err().contains(words), ran::toString);
        assertEquals("", ran.out());
    }

    private static String[] certified(Certificates who) {
        return new String[] {
            "--tls-trust", server.certificate(), "--tls-certificate", who.certificate(), "--tls-key", who.key()
        };
    }

    @Test
    void withACertificate() {
        assertEquals(
                "\"done\"",
                call(bridge(forCertificates()), certified(reports))
                        .require(0)
                        .out()
                        .strip());
        assertEquals(1, asked.get());
    }

    @Test
    void thePageShowsWhatAWrongAddressSays() throws IOException {
        String nobody = Integer.toString(Ports.free());
        String tls = bridge(new JsonObject());
        String plain = bridge(null);
        List<Ran> all = List.of(
                call(nobody),
                call(nobody, "--host", "brigde.test"),
                call(tls),
                call(plain, "--tls-trust", server.certificate()));
        assertEquals(
                Readme.block("docs/commands.md", "output: a wrong address"),
                all.stream()
                        .map(ran -> ran.err().strip().replaceFirst(nobody + "|" + tls + "|" + plain, "7000"))
                        .toList());
    }

    @Test
    void withoutTheCertificateThatIsDemanded() {
        String port = bridge(forCertificates());
        for (String command : List.of("call", "stream", "watch")) {
            says(
                    of(command, port, "--tls-trust", server.certificate()).require(11),
                    "4401 UNAUTHENTICATED: TLS with 127.0.0.1:" + port
                            + ": the peer demands a certificate of ours (alert bad_certificate)");
            says(
                    of(command, port, certified(stranger)).require(11),
                    "the peer does not accept our certificate (alert bad_certificate)");
        }
        assertEquals(0, asked.get());
    }

    @Test
    void aBridgeThatIsNotTrusted() {
        String port = bridge(new JsonObject());
        says(
                call(port, "--tls-trust", stranger.certificate()).require(11),
                "4401 UNAUTHENTICATED: TLS with 127.0.0.1:" + port
                        + ": its certificate (CN=server) is self-signed, and not trusted");
        says(call(port, "--tls").require(11), "its certificate (CN=server) is self-signed, and not trusted");
        says(
                call(port, "--host", "localhost", "--tls-trust", server.certificate())
                        .require(11),
                "its certificate (CN=server) is for 127.0.0.1 (expected: localhost)");
    }

    @Test
    void withoutTheTokenThatIsDemanded() {
        says(call(bridge(new JsonObject()), "--tls-trust", server.certificate()).require(11), "not_logged_in");
    }

    @Test
    void tlsAtAPortWithoutIt() {
        says(
                call(bridge(null), "--tls-trust", server.certificate()).require(11),
                " answers without TLS (expected: no --tls, or another --port)");
    }

    @Test
    void plainTcpAtAPortForTls() {
        try (Porter tls = Porter.leaving(Porter.alert(10))) {
            says(
                    call(Integer.toString(tls.port())).require(11),
                    "4401 UNAUTHENTICATED: 127.0.0.1:" + tls.port() + NEEDS_TLS);
        }
    }

    /** Most ports for TLS say nothing to it: they are asked whether they are one. */
    @Test
    void plainTcpAtABridgeWithTls() {
        for (JsonObject tls : List.of(new JsonObject(), forCertificates())) {
            String port = bridge(tls);
            for (String command : List.of("call", "stream", "watch", "status")) {
                says(
                        of(command, port).require(11),
                        "4401 UNAUTHENTICATED: 127.0.0.1:" + port + NEEDS_TLS + System.lineSeparator());
            }
            JsonObject json =
                    new JsonObject(of("status", port, "--json").require(11).err());
            assertEquals("UNAUTHENTICATED", json.getString("name"));
            assertEquals("127.0.0.1:" + port + NEEDS_TLS, json.getString("message"));
            assertEquals(false, json.getBoolean("retryable"));
        }
        assertEquals(0, asked.get());
    }

    @Test
    void plainTcpAtAPortThatSaysNothing() {
        try (Porter other = Porter.leaving(Buffer.buffer())) {
            says(
                    call(Integer.toString(other.port())).require(22),
                    " before it has sent anything (expected: a bridge at 127.0.0.1:" + other.port() + ")");
        }
    }

    @Test
    void aBridgeThatLeavesWithinTheHandshake() {
        try (Porter gone = Porter.leaving(Buffer.buffer())) {
            says(
                    call(Integer.toString(gone.port()), "--tls").require(21),
                    "closed by the peer within the handshake (is it a port without TLS?)");
        }
    }

    /** Nobody needs to be there: the files are looked at first. */
    @Test
    void aFileThatIsNotThere() {
        String missing = directory.resolve("missing.pem").toString();
        says(
                call("1", "--tls-trust", missing).require(ExitCode.USAGE),
                "--tls-trust: " + missing + " cannot be read (there is no such file)");
        says(
                call("1", "--tls-certificate", reports.certificate(), "--tls-key", missing)
                        .require(ExitCode.USAGE),
                "--tls-key: " + missing + " cannot be read (there is no such file)");
        says(
                call("1", "--tls-certificate", missing, "--tls-key", reports.key())
                        .require(ExitCode.USAGE),
                "--tls-certificate: " + missing + " cannot be read (there is no such file)");
        says(call("1", "--tls-trust", directory.toString()).require(ExitCode.USAGE), "--tls-trust: " + directory + " ");
        says(
                call("1", "--tls-trust", reports.key()).require(ExitCode.USAGE),
                "--tls-trust: " + reports.key() + " has no certificate (expected: BEGIN CERTIFICATE)");
        says(
                call("1", "--tls-key", reports.key()).require(ExitCode.USAGE),
                "--tls-certificate, --tls-key: one without the other (expected: both, or neither)");
    }
}
