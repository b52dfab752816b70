package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.BAD_REQUEST;
import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.OVERLOADED;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.TIMEOUT;
import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static dev.polywire.core.wire.ProtocolException.Kind.DECODE;
import static dev.polywire.core.wire.ProtocolException.Kind.FRAMING;
import static dev.polywire.core.wire.ProtocolException.Kind.LIMIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Loop;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Porter;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpGetTest {

    private static final HttpLimits SMALL = new HttpLimits(128, 512, 100);
    private static final long LONG_MILLIS = 15_000;
    private static final long SHORT_MILLIS = 300;
    private static final String SIX = "::1";
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    /** What a peer must never get into a message. */
    private static final String MARK = "c0ffee";

    private final LoggedTraces log = new LoggedTraces();
    private final Loop loop = new Loop();

    /** Vert.x would log what it cannot read. */
    @AfterEach
    void nothingIsLogged() {
        loop.close();
        log.close();
        // Vert.x 5.1.6 fails a request twice when its connection comes in the moment of the timeout.
        assertEquals("", log.textWithout("Promise already completed"));
    }

    private Future<HttpResponse> get(EndpointOptions endpoint, long timeoutMillis) {
        return loop.call(() -> new HttpGet(loop.vertx(), endpoint, SMALL).get("/gossip?format=json", timeoutMillis));
    }

    private Future<HttpResponse> get(Porter peer) {
        return get(EndpointOptions.of("127.0.0.1", peer.port()), LONG_MILLIS);
    }

    private static String body(Future<HttpResponse> asked) {
        HttpResponse response = Loop.await(asked);
        assertEquals(200, response.status());
        return response.body().toString();
    }

    /** Of a peer that says this, and stays. */
    private void violates(ProtocolException.Kind kind, String... lines) {
        try (Porter peer = Porter.answering(Buffer.buffer(String.join("\r\n", lines)))) {
            ProtocolException failure = assertInstanceOf(ProtocolException.class, Outcome.failure(get(peer)));
            assertEquals(kind, failure.kind(), failure::getMessage);
            assertSaysNothing(failure);
        }
    }

    /** Of a peer that says this, and leaves. */
    private void lost(String... lines) {
        try (Porter peer = Porter.leaving(Buffer.buffer(String.join("\r\n", lines)))) {
            fails(CONNECTION_LOST, get(peer));
        }
    }

    private CallException fails(Reason reason, Future<HttpResponse> asked) {
        CallException failure = assertInstanceOf(CallException.class, Outcome.failure(asked));
        assertEquals(reason, failure.reason(), failure::getMessage);
        assertSaysNothing(failure);
        return failure;
    }

    private static void assertSaysNothing(RuntimeException failure) {
        assertFalse(failure.getMessage().contains(MARK), failure::getMessage);
        assertEquals(1, failure.getMessage().lines().count(), failure::getMessage);
    }

    @Test
    void anAnswerHasStatusTypeAndBody() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Future<HttpResponse> asked = get(door.endpoint(), LONG_MILLIS);
            RawPeer peer = door.accept();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) peer.readByte());
            }
            assertEquals(
                    "GET /gossip?format=json HTTP/1.1",
                    request.toString().lines().findFirst().orElseThrow());
            assertTrue(request.toString().contains("host: 127.0.0.1:" + door.port()), request::toString);
            assertTrue(request.toString().contains("connection: close"), request::toString);
            peer.write(
                    Buffer.buffer("HTTP/1.1 503 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
            HttpResponse response = Loop.await(asked);
            assertEquals(new HttpResponse(503, "application/json", Buffer.buffer("{}")), response);
            assertEquals("503, 2 bytes", response.toString());
            assertEquals(-1, peer.readByte(), "one question for each connection");
        }
    }

    @Test
    void aBodyHasOneOfThreeEnds() {
        try (Porter peer = Porter.answering(Buffer.buffer(OK + "Content-Length: 3\r\n\r\nabc"))) {
            assertEquals("abc", body(get(peer)));
        }
        try (Porter peer = Porter.answering(
                Buffer.buffer(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"))) {
            assertEquals("abc", body(get(peer)));
        }
        try (Porter peer = Porter.leaving(Buffer.buffer(OK + "\r\nabc"))) {
            assertEquals("abc", body(get(peer)));
        }
    }

    @Test
    void whatIsBehindTheBodyIsLeft() {
        try (Porter peer = Porter.answering(Buffer.buffer(OK + "Content-Length: 3\r\n\r\nabcd" + OK))) {
            assertEquals("abc", body(get(peer)));
        }
    }

    // ---- bad peers

    @Test
    void silence() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Future<HttpResponse> asked = get(door.endpoint(), SHORT_MILLIS);
            RawPeer peer = door.accept();
            assertEquals(
                    "127.0.0.1:" + door.port() + ": no answer within 300 ms",
                    fails(TIMEOUT, asked).getMessage());
            assertTrue(peer.readToEnd().length > 0, "the question, and then the end");
        }
    }

    @Test
    void aPeerThatGoesOnForEverIsCutOff() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Future<HttpResponse> asked = get(door.endpoint(), SHORT_MILLIS);
            RawPeer peer = door.accept();
            peer.write(Buffer.buffer(OK + "Content-Length: 3\r\n\r\na"));
            fails(TIMEOUT, asked);
            peer.readToEnd();
        }
    }

    @Test
    void halfAnAnswer() {
        lost("");
        lost("HTTP/1.1 20");
        lost(OK + "Content-Le");
        lost(OK + "Content-Length: 3", "", "ab");
        lost(OK + "Transfer-Encoding: chunked", "", "3", "ab");
        lost(OK + "Transfer-Encoding: chunked", "", "2", "ab", "");
    }

    @Test
    void tooLong() {
        violates(LIMIT, "HTTP/1.1 200 " + MARK.repeat(30), "", "");
        violates(LIMIT, OK + "X: " + MARK.repeat(100), "", "");
        violates(LIMIT, OK + ("X: " + MARK + "\r\n").repeat(100), "");
        // Nobody waits for what was announced.
        violates(LIMIT, OK + "Content-Length: 101", "", "");
        violates(LIMIT, OK + "Content-Length: 9999999999", "", "");
        violates(LIMIT, OK + "Transfer-Encoding: chunked", "", "65", "x".repeat(101), "");
        violates(LIMIT, OK + "Transfer-Encoding: chunked", "", ("40\r\n" + "x".repeat(64) + "\r\n").repeat(2));
        violates(LIMIT, OK, "x".repeat(101));
        violates(LIMIT, OK + "Transfer-Encoding: chunked", "", "0", "X: " + MARK.repeat(100), "", "");
    }

    @Test
    void noHttp() {
        violates(FRAMING, MARK + " 1 2 3", "", "");
        violates(FRAMING, "HTTP/2.0 200 " + MARK, "", "");
        violates(FRAMING, "HTTP/1.1 abc " + MARK, "", "");
        violates(FRAMING, OK + "Content-Length: 3", "Content-Length: 4", "", "abcd");
        violates(FRAMING, OK + "Content-Length: -1", "", "");
        violates(FRAMING, OK + "Content-Length: " + MARK, "", "");
        violates(FRAMING, OK + "Transfer-Encoding: chunked", "", MARK + "!", "abc");
        violates(FRAMING, OK + "Transfer-Encoding: chunked", "", "ffffffffff", "abc");
    }

    /** It would send us to hosts that only we can reach. */
    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        try (Porter elsewhere = Porter.answering(Buffer.buffer(OK + "Content-Length: 0\r\n\r\n"))) {
            String location = "http://127.0.0.1:" + elsewhere.port() + "/" + MARK;
            violates(DECODE, "HTTP/1.1 " + status + " There", "Location: " + location, "Content-Length: 0", "", "");
            assertEquals(0, elsewhere.accepted());
        }
    }

    @Test
    void nobodyThere() {
        RawPeer.Door door = new RawPeer.Door();
        door.close();
        assertEquals(
                "cannot connect to 127.0.0.1:" + door.port() + ": Connection refused",
                fails(UNAVAILABLE, get(door.endpoint(), LONG_MILLIS)).getMessage());
    }

    @Test
    void closingEndsWhatIsOnItsWay() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            HttpGet client = loop.call(() -> new HttpGet(loop.vertx(), door.endpoint(), SMALL));
            Future<HttpResponse> asked = loop.call(() -> client.get("/", LONG_MILLIS));
            RawPeer peer = door.accept();
            peer.readByte();
            loop.join(client::close);
            fails(CONNECTION_LOST, asked);
            fails(SHUTTING_DOWN, loop.call(() -> client.get("/", LONG_MILLIS)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gossip", "/a b", "/a\r\nX: y", "/ä", "/a#b", "http://127.0.0.1/", "/a\u007f"})
    void aTargetThatIsNoneIsNotAskedFor(String target) {
        HttpGet client = loop.call(() -> new HttpGet(loop.vertx(), EndpointOptions.of("127.0.0.1", 1), SMALL));
        fails(BAD_REQUEST, loop.call(() -> client.get(target, LONG_MILLIS)));
    }

    /** F36, for documents of a cluster. */
    @Test
    void aDeadAddressIsPassedOver() {
        try (NameServer names = new NameServer();
                Porter peer = Porter.answering(Buffer.buffer(OK + "Content-Length: 3\r\n\r\nabc"))) {
            names.has("many.test", NameServer.Type.A, NameServer.address("127.0.0.2"), NameServer.address("127.0.0.1"));
            Vertx vertx = names.vertx();
            HttpGet client = new HttpGet(vertx, EndpointOptions.of("many.test", peer.port()), SMALL);
            assertEquals(
                    "abc",
                    Outcome.on(vertx, () -> client.get("/", LONG_MILLIS)).body().toString());
            Outcome.value(vertx.close());
        }
    }

    /** More than the five connections of Vert.x's own choice, behind which the next question would wait. */
    @Test
    void noQuestionWaitsForAnother() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            HttpGet client = loop.call(() -> new HttpGet(loop.vertx(), door.endpoint(), SMALL));
            List<Future<HttpResponse>> asked = new ArrayList<>();
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < HttpGet.MAX_QUESTIONS; i++) {
                asked.add(loop.call(() -> client.get("/", LONG_MILLIS)));
                peers.add(door.accept());
            }
            assertEquals(
                    "127.0.0.1:" + door.port() + ": 17 questions at a time (expected: at most 16)",
                    fails(OVERLOADED, loop.call(() -> client.get("/", LONG_MILLIS)))
                            .getMessage());
            Buffer answer = Buffer.buffer(OK + "Content-Length: 3\r\n\r\nabc");
            peers.get(0).write(answer);
            assertEquals("abc", body(asked.get(0)));
            Future<HttpResponse> next = loop.call(() -> client.get("/", LONG_MILLIS));
            door.accept().write(answer);
            assertEquals("abc", body(next));
            loop.join(client::close);
            peers.forEach(RawPeer::close);
        }
    }

    // ---- IPv6

    private int listenAtSix(TlsOptions tls) {
        assumeTrue(hasSix(), "this machine has no ::1");
        EndpointOptions endpoint = new EndpointOptions(SIX, 0, 10_000, tls);
        return loop.join(() -> new HttpResponder(loop.vertx(), endpoint, HttpLimits.DEFAULT)
                .listen(asked -> Future.succeededFuture(new HttpResponse(200, "", Buffer.buffer("six")))));
    }

    private static boolean hasSix() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(SIX))) {
            return socket.isBound();
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void anAddressOfIpv6IsAsked() {
        int port = listenAtSix(null);
        assertEquals("six", body(get(EndpointOptions.of(SIX, port), LONG_MILLIS)));
        try (NameServer names = new NameServer()) {
            names.has("six.test", NameServer.Type.AAAA, NameServer.address(SIX));
            Vertx vertx = names.vertx();
            for (String host : List.of(SIX, "six.test")) {
                HttpGet client = new HttpGet(vertx, EndpointOptions.of(host, port), SMALL);
                assertEquals(
                        "six",
                        Outcome.on(vertx, () -> client.get("/", LONG_MILLIS))
                                .body()
                                .toString());
            }
            Outcome.value(vertx.close());
        }
    }

    @Test
    void theHostFieldHasBracketsForIpv6() throws IOException {
        assumeTrue(hasSix(), "this machine has no ::1");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(SIX))) {
            Future<HttpResponse> asked = get(EndpointOptions.of(SIX, server.getLocalPort()), LONG_MILLIS);
            try (Socket peer = server.accept()) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII));
                assertEquals("GET /gossip?format=json HTTP/1.1", lines.readLine());
                assertEquals("host: [::1]:" + server.getLocalPort(), lines.readLine());
            }
            fails(CONNECTION_LOST, asked);
        }
    }

    @Test
    void aCertificateMayBeForAnAddressOfIpv6(@TempDir Path directory) {
        Certificates known = Certificates.make(directory, "known", "ip:" + SIX);
        int port = listenAtSix(new TlsOptions(null, known.certificate(), known.key(), true));
        TlsOptions trusting = new TlsOptions(known.certificate(), null, null, true);
        assertEquals("six", body(get(new EndpointOptions(SIX, port, 10_000, trusting), LONG_MILLIS)));

        Certificates other = Certificates.make(directory, "other", "ip:::2");
        int elsewhere = listenAtSix(new TlsOptions(null, other.certificate(), other.key(), true));
        TlsOptions trustingOther = new TlsOptions(other.certificate(), null, null, true);
        fails(UNAUTHENTICATED, get(new EndpointOptions(SIX, elsewhere, 10_000, trustingOther), LONG_MILLIS));
    }

    // ---- TLS

    private static EndpointOptions secured(int port, String trust) {
        return new EndpointOptions("127.0.0.1", port, 10_000, new TlsOptions(trust, null, null, true));
    }

    @Test
    void aStrangersCertificateIsRefused(@TempDir Path directory) {
        Certificates known = Certificates.make(directory, "known", "ip:127.0.0.1");
        Certificates elsewhere = Certificates.make(directory, "elsewhere", "dns:elsewhere.test");
        try (Porter stranger = Porter.tls(Certificates.make(directory, "stranger", "ip:127.0.0.1"))) {
            fails(UNAUTHENTICATED, get(secured(stranger.port(), known.certificate()), LONG_MILLIS));
        }
        try (Porter other = Porter.tls(elsewhere)) {
            fails(UNAUTHENTICATED, get(secured(other.port(), elsewhere.certificate()), LONG_MILLIS));
        }
    }

    @Test
    void plainAgainstTls(@TempDir Path directory) {
        Certificates known = Certificates.make(directory, "known", "ip:127.0.0.1");
        try (Porter plain = Porter.answering(Buffer.buffer(OK + "Content-Length: 0\r\n\r\n"))) {
            fails(UNAUTHENTICATED, get(secured(plain.port(), known.certificate()), LONG_MILLIS));
        }
        try (Porter tls = Porter.answering(Porter.alert(10))) {
            ProtocolException failure = assertInstanceOf(ProtocolException.class, Outcome.failure(get(tls)));
            assertTrue(failure.getMessage().endsWith("(expected: HTTP/1.1 without TLS)"), failure::getMessage);
        }
    }

    @Test
    void aSilentHandshakeIsOverByTheDeadline() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            HttpGet client = loop.call(() -> new HttpGet(loop.vertx(), secured(door.port(), null), SMALL));
            fails(UNAVAILABLE, loop.call(() -> client.get("/", SHORT_MILLIS)));
            // Not by its Vertx: that waits for ever if it meets a TLS connection that is just being made.
            loop.join(client::close);
        }
    }
}
