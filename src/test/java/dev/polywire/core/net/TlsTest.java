package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Certificates;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates elsewhere;
    private static Certificates client;
    private static Certificates stranger;

    private final Loop loop = new Loop();
    private final Recorder recorder = new Recorder();
    private final List<Recorder> accepted = new ArrayList<>();

    @BeforeAll
    static void certificates() {
        server = Certificates.make(directory, "server", "ip:127.0.0.1,dns:localhost");
        elsewhere = Certificates.make(directory, "elsewhere", "dns:elsewhere.test");
        client = Certificates.make(directory, "client", "dns:client.test");
        stranger = Certificates.make(directory, "stranger", "dns:stranger.test");
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** A server that echoes. @return its port */
    private int listen(TlsOptions tls) {
        EndpointOptions endpoint = new EndpointOptions("127.0.0.1", 0, 10_000, tls);
        Acceptor acceptor = new Acceptor(loop.vertx(), endpoint, "text", Spi.NONE);
        return loop.join(() -> acceptor.listen(socket -> {
            TextMachine machine = new TextMachine();
            List<MachineSocket<String>> attached = new ArrayList<>();
            Recorder echo = new Recorder(event -> {
                machine.send(event);
                attached.get(0).flush();
            });
            accepted.add(echo);
            attached.add(TextConnection.attach(socket, machine, echo));
        }));
    }

    private Future<MachineSocket<String>> dial(int port, TlsOptions tls, String... texts) {
        TextMachine machine = new TextMachine();
        for (String text : texts) {
            machine.send(text);
        }
        return loop.call(() -> TextConnection.dial(
                new Dialer(loop.vertx(), new EndpointOptions("127.0.0.1", port, 10_000, tls), "text", Spi.NONE),
                machine,
                recorder));
    }

    private static TlsOptions serves(Certificates identity) {
        return new TlsOptions(null, identity.certificate(), identity.key(), true);
    }

    private static TlsOptions trusts(Certificates authority) {
        return new TlsOptions(authority.certificate(), null, null, true);
    }

    @Test
    void aTrustedServerIsTalkedTo() {
        Loop.await(dial(listen(serves(server)), trusts(server), "over TLS"));
        assertEquals("over TLS", recorder.next());
    }

    @Test
    void anUntrustedCertificateIsRefused() {
        for (TlsOptions nobody : List.of(trusts(stranger), new TlsOptions(null, null, null, true))) {
            Future<MachineSocket<String>> dial = dial(listen(serves(server)), nobody, "secret");
            Throwable failure = loop.failure(() -> dial);
            assertEquals(UNAUTHENTICATED, MachineSocketTest.reason(failure));
            assertTrue(failure.getMessage().startsWith("TLS with 127.0.0.1:"), failure.getMessage());
        }
        assertEquals(List.of(), accepted);
    }

    @Test
    void aCertificateForAnotherHostIsRefusedUnlessThatIsAskedFor() {
        int port = listen(serves(elsewhere));
        Future<MachineSocket<String>> dial = dial(port, trusts(elsewhere), "secret");
        assertEquals(UNAUTHENTICATED, MachineSocketTest.reason(loop.failure(() -> dial)));
        assertEquals(List.of(), accepted);

        Loop.await(dial(port, new TlsOptions(elsewhere.certificate(), null, null, false), "any host"));
        assertEquals("any host", recorder.next());
    }

    @Test
    void aServerWithoutTlsIsNeverToldAnythingInPlainText() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Future<MachineSocket<String>> dial = dial(door.port(), trusts(server), "marked-secret");
            RawPeer peer = door.accept();
            assertEquals(0x16, peer.readByte(), "a TLS handshake record");
            peer.write(Buffer.buffer("+OK plain text only\r\n"));
            assertEquals(UNAUTHENTICATED, MachineSocketTest.reason(loop.failure(() -> dial)));
            assertTrue(!new String(peer.readToEnd(), StandardCharsets.ISO_8859_1).contains("marked"));
        }
    }

    @Test
    void aPeerThatLeavesWithinTheHandshakeIsATypedFailure() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Future<MachineSocket<String>> dial = dial(door.port(), trusts(server), "marked-secret");
            door.accept().close();
            Throwable failure = loop.failure(() -> dial);
            assertTrue(
                    List.of(UNAUTHENTICATED, CallException.Reason.UNAVAILABLE)
                            .contains(MachineSocketTest.reason(failure)),
                    failure.getMessage());
        }
    }

    @Test
    void aClientWithoutTlsIsNotServed() {
        try (RawPeer peer = RawPeer.connect(listen(serves(server)))) {
            peer.send("plain text");
            peer.readToEnd();
        }
        assertEquals(List.of(), accepted);
    }

    @Test
    void mutualTlsTakesTheClientItKnows() {
        TlsOptions mutual = new TlsOptions(client.certificate(), server.certificate(), server.key(), true);
        TlsOptions known = new TlsOptions(server.certificate(), client.certificate(), client.key(), true);
        Loop.await(dial(listen(mutual), known, "over mTLS"));
        assertEquals("over mTLS", recorder.next());
    }

    @Test
    void mutualTlsRefusesTheOthers() {
        int port = listen(new TlsOptions(client.certificate(), server.certificate(), server.key(), true));
        for (TlsOptions unknown : List.of(
                trusts(server), new TlsOptions(server.certificate(), stranger.certificate(), stranger.key(), true))) {
            Recorder outcome = new Recorder();
            Future<MachineSocket<String>> dial = loop.call(() -> TextConnection.dial(
                    new Dialer(loop.vertx(), new EndpointOptions("127.0.0.1", port, 10_000, unknown), "text", Spi.NONE),
                    new TextMachine(),
                    outcome));
            // With TLS 1.3 our side of the handshake ends before the server has looked at our certificate.
            boolean up = loop.join(() -> dial.map(true).otherwise(false));
            RuntimeException cause = up ? outcome.closed() : (RuntimeException) dial.cause();
            assertEquals(UNAUTHENTICATED, MachineSocketTest.reason(cause), cause.getMessage());
        }
        assertEquals(List.of(), accepted);
    }

    @Test
    void aServerNeedsACertificate() {
        EndpointOptions endpoint = new EndpointOptions("127.0.0.1", 0, 10_000, trusts(client));
        IllegalArgumentException no = assertThrows(
                IllegalArgumentException.class, () -> new Acceptor(loop.vertx(), endpoint, "text", Spi.NONE));
        assertEquals("tls.certificate: missing (expected: a PEM file, on a server)", no.getMessage());
    }
}
