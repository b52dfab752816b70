package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Porter;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F06: each way in which TLS fails has its own words, and those that time does not heal are UNAUTHENTICATED. */
class TlsWordsTest {

    private static final String LOOPBACK = "ip:127.0.0.1";
    /** A ServerHello of TLS 1.1 with the suite 002F (RFC 4346, 7.4.1.3). */
    private static final Buffer HELLO_OF_1_1 = Buffer.buffer(new byte[] {22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2})
            .appendBytes(new byte[32])
            .appendBytes(new byte[] {0, 0, 0x2F, 0});

    @TempDir
    static Path directory;

    private static Certificates own;

    private final Loop loop = new Loop();

    @BeforeAll
    static void certificates() {
        own = Certificates.make(directory, "own", LOOPBACK);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private static TlsOptions trusts(Certificates authority) {
        return new TlsOptions(authority.certificate(), null, null, true);
    }

    private CallException failure(int port, TlsOptions tls, int timeoutMillis) {
        return assertInstanceOf(
                CallException.class,
                loop.failure(() -> TextConnection.dial(
                        new Dialer(
                                loop.vertx(),
                                new EndpointOptions("127.0.0.1", port, timeoutMillis, tls),
                                "text",
                                Spi.NONE),
                        new TextMachine(),
                        new Recorder())));
    }

    private void fails(Porter porter, TlsOptions tls, Reason reason, String words) {
        try (porter) {
            CallException failure = failure(porter.port(), tls, 10_000);
            assertEquals("TLS with 127.0.0.1:" + porter.port() + ": " + words, failure.getMessage());
            assertEquals(reason, failure.reason());
        }
    }

    @Test
    void selfSigned() {
        Certificates server = Certificates.make(directory, "server", LOOPBACK);
        String words = "its certificate (CN=server) is self-signed, and not trusted";
        fails(Porter.tls(server), trusts(own), UNAUTHENTICATED, words);
        fails(Porter.tls(server), new TlsOptions(null, null, null, true), UNAUTHENTICATED, words);
        fails(Porter.tls(server), new TlsOptions(own.certificate(), null, null, false), UNAUTHENTICATED, words);
    }

    @Test
    void signedByAStranger() {
        Certificates server = Certificates.signed(directory, "leaf", LOOPBACK);
        fails(
                Porter.tls(server),
                trusts(own),
                UNAUTHENTICATED,
                "its certificate (CN=leaf) is signed by CN=leaf-authority, which is not trusted");
    }

    @Test
    void ofAnotherHost() {
        Certificates server = Certificates.make(directory, "elsewhere", "dns:elsewhere.test,ip:127.0.0.9");
        fails(
                Porter.tls(server),
                trusts(server),
                UNAUTHENTICATED,
                "its certificate (CN=elsewhere) is for 127.0.0.9, elsewhere.test (expected: 127.0.0.1)");
    }

    @Test
    void expired() {
        Instant end = Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        Certificates server = Certificates.signed(directory, "expired", LOOPBACK, end.minus(1, ChronoUnit.DAYS), end);
        fails(
                Porter.tls(server),
                trusts(Certificates.authority(directory, "expired")),
                UNAUTHENTICATED,
                "its certificate (CN=expired) has expired at " + end);
    }

    @Test
    void notValidYet() {
        Instant begin = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        Certificates server = Certificates.signed(directory, "early", LOOPBACK, begin, begin.plus(1, ChronoUnit.DAYS));
        fails(
                Porter.tls(server),
                trusts(Certificates.authority(directory, "early")),
                UNAVAILABLE,
                "its certificate (CN=early) is not valid before " + begin);
    }

    @Test
    void tooOldAVersion() {
        fails(
                Porter.answering(HELLO_OF_1_1),
                trusts(own),
                UNAUTHENTICATED,
                "the peer speaks TLS11 (expected: TLS 1.2 or 1.3)");
        fails(
                Porter.leaving(Porter.alert(70)),
                trusts(own),
                UNAUTHENTICATED,
                "the peer speaks another version (expected: TLS 1.2 or 1.3) (alert protocol_version)");
    }

    @Test
    void plainTextBehindThePort() {
        fails(
                Porter.answering(Buffer.buffer("+OK marked text\r\n")),
                trusts(own),
                UNAUTHENTICATED,
                "the peer answers without TLS (is it a port without TLS?)");
    }

    @Test
    void anEndWithoutAWord() {
        fails(
                Porter.leaving(Buffer.buffer()),
                trusts(own),
                UNAVAILABLE,
                "closed by the peer within the handshake (is it a port without TLS?)");
    }

    @Test
    void aHandshakeThatDoesNotGoOn() {
        try (Porter silent = Porter.answering(Buffer.buffer())) {
            CallException failure = failure(silent.port(), trusts(own), 300);
            assertEquals(
                    "TLS with 127.0.0.1:" + silent.port()
                            + ": the peer does not go on with the handshake (is it a port without TLS?)",
                    failure.getMessage());
            assertEquals(UNAVAILABLE, failure.reason());
        }
    }

    @Test
    void nothingInCommon() {
        fails(
                Porter.leaving(Porter.alert(40)),
                trusts(own),
                UNAUTHENTICATED,
                "nothing in common with the peer: a cipher, or a certificate of ours that it demands"
                        + " (alert handshake_failure)");
        fails(Porter.leaving(Porter.alert(80)), trusts(own), UNAVAILABLE, "ended by the peer (alert internal_error)");
    }

    /** A client learns it behind the handshake of TLS 1.3, within that of TLS 1.2. */
    @Test
    void ourCertificate() {
        Certificates client = Certificates.make(directory, "client", "dns:client.test");
        Certificates server = Certificates.make(directory, "mutual", LOOPBACK);
        try (LoggedTraces log = new LoggedTraces()) {
            int port = listen(new TlsOptions(client.certificate(), server.certificate(), server.key(), true));
            assertEquals(
                    "TLS with 127.0.0.1:" + port + ": the peer demands a certificate of ours (alert bad_certificate)",
                    behindTheHandshake(port, trusts(server)));
            assertEquals(
                    "TLS with 127.0.0.1:" + port + ": the peer does not accept our certificate (alert bad_certificate)",
                    behindTheHandshake(port, new TlsOptions(server.certificate(), own.certificate(), own.key(), true)));
            String lines = log.text();
            String line = "TLS with a client of 127.0.0.1:" + port + ": ";
            assertTrue(lines.contains(line), lines);
            assertEquals(lines.indexOf(line), lines.lastIndexOf(line), "one line a minute");
        }
        fails(
                Porter.leaving(Porter.alert(116)),
                new TlsOptions(own.certificate(), own.certificate(), own.key(), true),
                UNAUTHENTICATED,
                "the peer does not accept our certificate (alert certificate_required)");
    }

    private int listen(TlsOptions tls) {
        Acceptor acceptor =
                new Acceptor(loop.vertx(), new EndpointOptions("127.0.0.1", 0, 10_000, tls), "text", Spi.NONE);
        return loop.join(
                () -> acceptor.listen(socket -> TextConnection.attach(socket, new TextMachine(), new Recorder())));
    }

    private String behindTheHandshake(int port, TlsOptions tls) {
        Recorder outcome = new Recorder();
        Future<MachineSocket<String>> dial = loop.call(() -> TextConnection.dial(
                new Dialer(loop.vertx(), new EndpointOptions("127.0.0.1", port, 10_000, tls), "text", Spi.NONE),
                new TextMachine(),
                outcome));
        boolean up = loop.join(() -> dial.map(true).otherwise(false));
        CallException cause =
                assertInstanceOf(CallException.class, up ? outcome.closed() : (RuntimeException) dial.cause());
        assertEquals(UNAUTHENTICATED, cause.reason());
        return cause.getMessage();
    }

    /** The reverse: plain TCP to a port for TLS. */
    @Test
    void aPeerThatSpeaksTls() {
        try (Porter tls = Porter.leaving(Porter.alert(10))) {
            Recorder outcome = new Recorder();
            TextMachine machine = new TextMachine();
            machine.send("plain text");
            loop.join(() -> TextConnection.dial(
                    new Dialer(loop.vertx(), EndpointOptions.of("127.0.0.1", tls.port()), "text", Spi.NONE),
                    machine,
                    outcome));
            CallException end = assertInstanceOf(CallException.class, outcome.closed());
            assertEquals(
                    "127.0.0.1:" + tls.port() + " speaks TLS (expected: plain TCP; is tls missing here?)",
                    end.getMessage());
            assertEquals(UNAUTHENTICATED, end.reason());
        }
    }
}
