package dev.polywire.core.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.HttpRequest.Method;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponderTest {

    private static final HttpLimits SMALL = new HttpLimits(256, 512, 10);
    private static final int LONG_MILLIS = 15_000;
    private static final int SHORT_MILLIS = 300;
    private static final String END = "\r\n\r\n";

    private final LoggedTraces log = new LoggedTraces();
    private final Loop loop = new Loop();
    private final List<String> bugs = new ArrayList<>();
    private final List<Promise<HttpResponse>> unanswered = new ArrayList<>();
    private final BlockingQueue<HttpRequest> requests = new LinkedBlockingQueue<>();

    /** But a bug of the handler's. */
    @AfterEach
    void nothingIsLogged() {
        loop.close();
        log.close();
        assertEquals(bugs, log.traces());
        assertTrue(!bugs.isEmpty() || log.text().isEmpty(), log::text);
    }

    private int listen(int timeoutMillis, TlsOptions tls) {
        EndpointOptions endpoint = new EndpointOptions("127.0.0.1", 0, timeoutMillis, tls);
        return loop.join(() -> new HttpResponder(loop.vertx(), endpoint, SMALL).listen(this::answer));
    }

    private int listen() {
        return listen(LONG_MILLIS, null);
    }

    private Future<HttpResponse> answer(HttpRequest request) {
        requests.add(request);
        switch (request.path().get(0)) {
            case "gossip":
                return Future.succeededFuture(new HttpResponse(200, "application/json", Buffer.buffer("{}")));
            case "fails":
                return Future.failedFuture(new IllegalStateException("a secret"));
            case "throws":
                throw new IllegalStateException("a bug");
            case "never":
                unanswered.add(Promise.promise());
                return unanswered.get(unanswered.size() - 1).future();
            default:
                return Future.succeededFuture(HttpResponse.of(404));
        }
    }

    /** All that is answered to these bytes until the end. */
    private static String answered(int port, String bytes) {
        try (RawPeer client = RawPeer.connect(port)) {
            client.write(Buffer.buffer(bytes, "ISO-8859-1"));
            return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The same, again and again where a busy machine has not read it in the short time that a client has. */
    private static String answeredInTime(int port, String bytes) {
        return await().until(() -> answered(port, bytes), answer -> !answer.isEmpty());
    }

    private static int status(String answer) {
        assertTrue(answer.startsWith("HTTP/1."), answer);
        return Integer.parseInt(answer.split(" ")[1]);
    }

    private int refused(String bytes) {
        int status = status(answered(listen(), bytes));
        assertTrue(requests.isEmpty());
        return status;
    }

    @Test
    void aGetIsAnswered() {
        String answer =
                answered(listen(), "GET /gossip?format=json HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi" + END);
        assertEquals(200, status(answer));
        assertTrue(answer.contains("content-type: application/json"), answer);
        assertTrue(answer.contains("content-length: 2"), answer);
        assertTrue(answer.contains("connection: close"), answer);
        assertTrue(answer.endsWith("\r\n\r\n{}"), answer);
        HttpRequest request = requests.remove();
        assertEquals(new HttpRequest(Method.GET, List.of("gossip"), "Basic YTpi", Buffer.buffer()), request);
        assertEquals("GET of 1 parts, 0 bytes", request.toString());
    }

    @Test
    void aPostHasABody() {
        String path = "/subscriptions/a%2Fb/group/replayParked";
        int port = listen();
        assertEquals(
                404, status(answered(port, "POST " + path + " HTTP/1.1\r\nContent-Length: 10" + END + "0123456789")));
        assertEquals(
                new HttpRequest(
                        Method.POST,
                        List.of("subscriptions", "a/b", "group", "replayParked"),
                        "",
                        Buffer.buffer("0123456789")),
                requests.remove());
        assertEquals(
                404,
                status(answered(
                        port,
                        "POST " + path + " HTTP/1.1\r\nTransfer-Encoding: chunked" + END + "2\r\nab\r\n0\r\n\r\n")));
        assertEquals(Buffer.buffer("ab"), requests.remove().body());
        assertEquals(404, status(answered(port, "POST " + path + " HTTP/1.0" + END)));
    }

    @Test
    void oneRequestForEachConnection() {
        String one = "GET /gossip HTTP/1.1" + END;
        String answer = answered(listen(), one + one + one);
        assertEquals(1, answer.split("HTTP/1.1 200", -1).length - 1, answer);
        assertEquals(1, requests.size());
    }

    @Test
    void aFailureOfTheHandlerIsItsOwn() {
        String answer = answered(listen(), "GET /fails HTTP/1.1" + END);
        assertEquals(500, status(answer));
        assertFalse(answer.contains("secret"), answer);
    }

    @Test
    void aBugOfTheHandlerIsLogged() {
        assertEquals(500, status(answered(listen(), "GET /throws HTTP/1.1" + END)));
        await().until(() -> !log.traces().isEmpty());
        bugs.addAll(log.traces());
        assertEquals(1, bugs.size());
        assertTrue(bugs.get(0).endsWith("java.lang.IllegalStateException: a bug"), bugs::toString);
    }

    // ---- bad clients

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE", "get", "PRI"})
    void otherMethodsAreRefused(String method) {
        assertEquals(405, refused(method + " /gossip HTTP/1.1\r\nHost: x" + END));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%00", "/%ff", "/%", "/\u00e4", "*", "/a%0d%0aX:y"})
    void aPathThatIsNoTextIsRefused(String path) {
        assertEquals(400, refused("GET " + path + " HTTP/1.1" + END));
    }

    @Test
    void whatIsOverALimitIsRefused() {
        assertEquals(414, refused("GET /" + "a".repeat(300) + " HTTP/1.1" + END));
        assertEquals(431, refused("GET / HTTP/1.1\r\nX: " + "a".repeat(600) + END));
        assertEquals(431, refused("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(200) + "\r\n"));
        assertEquals(413, refused("POST / HTTP/1.1\r\nContent-Length: 11" + END + "0123456789a"));
        assertEquals(
                413, refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked" + END + "b\r\n0123456789a\r\n0\r\n\r\n"));
    }

    @Test
    void whatIsNoHttpIsRefused() {
        assertEquals(400, refused("nonsense" + END));
        assertEquals(400, refused("GET / HTTP/9.9.9" + END));
        assertEquals(400, refused("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2" + END + "ab"));
        assertEquals(400, refused("POST / HTTP/1.1\r\nContent-Length: -1" + END));
    }

    @Test
    void aBadChunkEndsTheConnection() {
        answered(listen(), "POST /gossip HTTP/1.1\r\nTransfer-Encoding: chunked" + END + "xyz\r\n");
        assertTrue(requests.isEmpty());
    }

    @Test
    void whoDoesNotFinishIsClosed() {
        int port = listen(SHORT_MILLIS, null);
        assertEquals("", answered(port, ""));
        assertEquals("", answered(port, "GET /gos"));
        assertEquals("", answered(port, "GET /gossip HTTP/1.1\r\nHost: x\r\n"));
        assertEquals(408, status(answeredInTime(port, "POST /gossip HTTP/1.1\r\nContent-Length: 5" + END + "abc")));
        assertTrue(requests.isEmpty());
    }

    @Test
    void aHandlerThatDoesNotAnswerIsNotWaitedFor() {
        int port = listen(SHORT_MILLIS, null);
        assertEquals(503, status(answeredInTime(port, "GET /never HTTP/1.1" + END)));
        assertEquals(503, status(answeredInTime(port, "POST /never HTTP/1.1\r\nContent-Length: 3" + END + "abc")));
        // It is too late now.
        loop.run(() -> unanswered.forEach(each -> each.complete(HttpResponse.of(200))));
        assertEquals(2, requests.size());
    }

    /** The one that is not answered, and the one that goes on sending behind a refusal. */
    @Test
    void whoStaysIsClosed() {
        int port = listen(SHORT_MILLIS, null);
        String half = "POST / HTTP/1.1\r\nContent-Length: 1000" + END + "x".repeat(20);
        assertEquals(413, status(answeredInTime(port, half)));
        assertEquals(200, status(answeredInTime(port, "GET /gossip HTTP/1.1" + END)));
    }

    @Test
    void tooManyAreClosedAtOnce() {
        int port = listen();
        List<RawPeer> clients = new ArrayList<>();
        for (int i = 0; i < HttpResponder.MAX_CONNECTIONS; i++) {
            clients.add(RawPeer.connect(port));
            clients.get(i).write(Buffer.buffer("GET /never HTTP/1.1" + END));
        }
        await().until(() -> requests.size() == HttpResponder.MAX_CONNECTIONS);
        assertEquals("", answered(port, "GET /gossip HTTP/1.1" + END));
        clients.remove(0).close();
        await().until(() -> answered(port, "GET /gossip HTTP/1.1" + END).startsWith("HTTP/1.1 200"));
        clients.forEach(RawPeer::close);
    }

    // ---- with a client, and TLS

    @Test
    void ourClientIsAnsweredOverTls(@TempDir Path directory) {
        Certificates server = Certificates.make(directory, "server", "ip:127.0.0.1");
        int port = listen(LONG_MILLIS, new TlsOptions(null, server.certificate(), server.key(), true));
        EndpointOptions endpoint = new EndpointOptions(
                "127.0.0.1", port, LONG_MILLIS, new TlsOptions(server.certificate(), null, null, true));
        HttpGet client = loop.call(() -> new HttpGet(loop.vertx(), endpoint, HttpLimits.DEFAULT));
        assertEquals(
                new HttpResponse(200, "application/json", Buffer.buffer("{}")),
                loop.join(() -> client.get("/gossip", LONG_MILLIS)));
        assertEquals(404, loop.join(() -> client.get("/gone", LONG_MILLIS)).status());
        // A client without TLS has an alert, or nothing.
        String answer = answered(port, "GET /gossip HTTP/1.1" + END);
        assertFalse(answer.contains("HTTP"), answer);
        HttpGet plain =
                loop.call(() -> new HttpGet(loop.vertx(), EndpointOptions.of("127.0.0.1", port), HttpLimits.DEFAULT));
        assertInstanceOf(RuntimeException.class, Outcome.failure(loop.call(() -> plain.get("/gossip", LONG_MILLIS))));
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            HttpResponder other = loop.call(
                    () -> new HttpResponder(loop.vertx(), EndpointOptions.of("127.0.0.1", door.port()), SMALL));
            ListenException taken = assertInstanceOf(
                    ListenException.class, Outcome.failure(loop.call(() -> other.listen(this::answer))));
            assertTrue(taken.isTaken());
        }
    }
}
