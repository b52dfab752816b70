package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that do not get as far as the first command, and what is said of them. */
class MongoHandshakeTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** @param hello what the server does when it is greeted */
    record Row(String name, BiConsumer<ScriptedPeer, Request> hello, String failure, String said) {

        /** Short only where nothing else ends the attempt: a busy machine must not be taken for a silent server. */
        JsonObject connectTimeout() {
            return new JsonObject().put("connectTimeoutMillis", said.endsWith("no answer") ? 500 : 15_000);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        Buffer today = ScriptedHello.today();
        return Stream.of(
                new Row("silence", (peer, hello) -> {}, "UNAVAILABLE retryable", "handshake: no answer"),
                new Row(
                        "half an answer",
                        (peer, hello) -> peer.raw(Documents.reply(today).getBuffer(0, 50)),
                        "UNAVAILABLE retryable",
                        "handshake: no answer"),
                new Row(
                        "half an answer and the end",
                        (peer, hello) -> {
                            peer.raw(Documents.reply(today).getBuffer(0, 50));
                            peer.close();
                        },
                        "UNAVAILABLE retryable",
                        "truncated"),
                new Row("the end", (peer, hello) -> peer.close(), "CONNECTION_LOST retryable", "closed by the peer"),
                new Row(
                        "refusal",
                        (peer, hello) -> peer.reply(hello, Documents.bson("{ok: 0.0, code: 13, errmsg: 'go away'}")),
                        "UNAVAILABLE retryable",
                        "refused the handshake: go away"),
                new Row(
                        "too old",
                        (peer, hello) -> peer.reply(hello, ScriptedHello.standalone(0, 5, 48_000_000)),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "wire versions: 0 to 5 (expected: some of 6 to 29)"),
                new Row(
                        "too new",
                        (peer, hello) -> peer.reply(hello, ScriptedHello.standalone(30, 31, 48_000_000)),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "wire versions: 30 to 31 (expected: some of 6 to 29)"),
                new Row(
                        "M05 negative size",
                        (peer, hello) -> peer.reply(hello, ScriptedHello.standalone(0, 25, -1)),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "maxMessageSizeBytes: -1"),
                new Row(
                        "another's answer",
                        (peer, hello) -> peer.raw(
                                AbuseVectors.of("mongo").get("M00").bytes().setIntLE(8, 99)),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "responseTo: 99"),
                new Row(
                        "a bad document",
                        (peer, hello) ->
                                peer.raw(AbuseVectors.of("mongo").get("M27").bytes()),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "hello: boolean: 2"),
                new Row(
                        "a deep document",
                        (peer, hello) -> peer.raw(Documents.reply(ExtendedJsonTest.document(
                                "03 6100 " + Vectors.hex(ExtendedJson.encode(ExtendedJsonTest.nested(200)))))),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "hello: nesting: 201 (expected: <= 200)"),
                new Row(
                        "OP_REPLY",
                        (peer, hello) -> peer.send(hello.header().requestId(), new OpReply(0, 0, 0, List.of(today))),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "opCode: 1 (expected: 2013)"),
                new Row(
                        "HTTP",
                        (peer, hello) -> peer.raw(Buffer.buffer("HTTP/1.1 400 Bad Request\r\n\r\n")),
                        "PROTOCOL_VIOLATION mayHaveExecuted",
                        "length: 1347703880 (expected: <= 48000000)"));
    }

    private int listen(BiConsumer<ScriptedPeer, Request> hello) {
        ScriptedMongo.Script script = new ScriptedMongo.Script() {
            @Override
            public void hello(ScriptedPeer peer, Request request) {
                hello.accept(peer, request);
            }

            @Override
            public void request(ScriptedPeer peer, Request request) {
                peer.reply(request, Documents.OK);
            }
        };
        return Outcome.value(new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), script).listen());
    }

    private Future<String> deploying(JsonObject config) {
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config));
    }

    @Tag("M05")
    @ParameterizedTest
    @MethodSource("rows")
    void failsFast(Row row) {
        JsonObject config =
                row.connectTimeout().put("port", listen(row.hello())).put("failFast", true);
        ServiceException failure = (ServiceException) Outcome.failure(deploying(config));
        assertEquals(row.failure(), Stage.word(failure));
        assertTrue(failure.getMessage().contains(row.said()), failure.getMessage());
    }

    /** Without failFast it starts, and a request says at its deadline what is wrong with the server. */
    @ParameterizedTest
    @MethodSource("rows")
    void requestsWait(Row row) {
        JsonObject config = row.connectTimeout().put("port", listen(row.hello()));
        Outcome.value(deploying(config));
        MongoService mongo = MongoService.proxy(vertx, "polywire.mongodb");
        MongoService hasty = MongoService.proxy(vertx, "polywire.mongodb", 20);
        Awaitility.await().until(() -> Outcome.value(mongo.status()).containsKey("reason"));
        ServiceException failure = (ServiceException) Outcome.failure(hasty.ping());
        assertEquals("UNAVAILABLE retryable", Stage.word(failure));
        assertTrue(failure.getMessage().contains(row.said()), failure.getMessage());
        JsonObject status = Outcome.value(mongo.status());
        assertEquals("connecting", status.getString("state"));
        assertTrue(status.getString("reason").contains(row.said()), status::encode);
    }

    @Test
    void httpServer() {
        int port = Outcome.value(vertx.createHttpServer()
                        .requestHandler(request -> request.response().end())
                        .listen(0, "127.0.0.1"))
                .actualPort();
        JsonObject config = new JsonObject()
                .put("port", port)
                .put("connectTimeoutMillis", 300)
                .put("failFast", true);
        // It may wait for the rest of what it takes for a request, or say that it is none.
        Set<String> outcomes = Set.of("PROTOCOL_VIOLATION mayHaveExecuted", "UNAVAILABLE retryable");
        String outcome = Stage.failure(deploying(config));
        assertTrue(outcomes.contains(outcome), outcome);
    }

    /** The server's limit holds when it is lower than ours; ours holds when the server's is higher (M05). */
    @Tag("M05")
    @ParameterizedTest
    @ValueSource(ints = {2_000, Integer.MAX_VALUE})
    void maxMessageSize(int announced) {
        int port = listen((peer, hello) -> peer.reply(hello, ScriptedHello.standalone(0, 25, announced)));
        Outcome.value(deploying(new JsonObject().put("port", port).put("maxMessageBytes", 10_000)));
        MongoService mongo = MongoService.proxy(vertx, "polywire.mongodb");
        JsonObject insert = new JsonObject().put("insert", "things").put("text", "x".repeat(10_000));
        ServiceException failure = (ServiceException) Outcome.failure(mongo.command("db", "insert", insert, null));
        assertEquals("LIMIT_EXCEEDED", Stage.word(failure));
        int limit = Math.min(announced, 10_000);
        assertTrue(failure.getMessage().contains("(expected: <= " + limit + ")"), failure.getMessage());
        Outcome.value(mongo.ping());
    }

    @Test
    void whatWeSay() {
        AtomicReference<BsonDocument> said = new AtomicReference<>();
        int port = listen((peer, hello) -> {
            said.set(Documents.parsed(hello.command()));
            peer.reply(hello, ScriptedHello.today());
        });
        Outcome.value(deploying(
                new JsonObject().put("port", port).put("failFast", true).put("applicationName", "shop")));
        assertEquals("isMaster", said.get().getFirstKey());
        BsonDocument client = said.get().getDocument("client");
        assertEquals("shop", client.getDocument("application").getString("name").getValue());
        assertEquals("polywire", client.getDocument("driver").getString("name").getValue());
        assertTrue(said.get().getArray("compression").isEmpty());
    }
}
