package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BSON in, BSON out; what is wrong with the caller's bytes never reaches the server. */
class MongoRawDoorTest {

    private static final Buffer PING = Documents.bson("{ping: 1}");

    private final Stage stage = new Stage();

    @BeforeEach
    void deploy() {
        stage.deploy();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private static DeliveryOptions headers(String... namesAndValues) {
        DeliveryOptions options = new DeliveryOptions();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.addHeader(namesAndValues[i], namesAndValues[i + 1]);
        }
        return options;
    }

    private Future<Buffer> ask(Object body, DeliveryOptions headers) {
        return stage.vertx
                .eventBus()
                .<Buffer>request("polywire.mongodb.raw", body, headers)
                .map(Message::body);
    }

    private Future<Buffer> ask(Buffer command) {
        return ask(command, headers("action", "command", "database", "db", "timeout", "60000"));
    }

    @Test
    void bytesGoThroughAsTheyAre() {
        Buffer command =
                Documents.bson("{insert: 'things', documents: [{b: 1, a: {$numberLong: '9007199254740993'}}]}");
        Future<Buffer> answer = ask(command);
        Asked insert = stage.next("insert");
        BsonDocument arrived = insert.document();
        // Its bulk stands beside it.
        assertEquals("[insert, $db, maxTimeMS]", arrived.keySet().toString());
        assertEquals("db", arrived.getString("$db").getValue());
        assertTrue(arrived.getNumber("maxTimeMS").longValue() <= 60_000);
        OpMsg message = (OpMsg) insert.request().message();
        assertEquals(
                Documents.parsed(command).getArray("documents").get(0),
                Documents.parsed(message.sequences().get(0).documents().get(0)));
        insert.reply("{n: 1, big: {$numberLong: '9007199254740993'}, ok: 1.0}");
        assertEquals(
                new BsonInt64(9_007_199_254_740_993L),
                Documents.parsed(Outcome.value(answer)).get("big"));
    }

    /** The caller reads {@code ok} itself. */
    @Test
    void refusalIsAnAnswer() {
        Future<Buffer> answer = ask(PING);
        stage.next("ping").reply("{ok: 0.0, code: 59}");
        assertEquals(
                59, Documents.parsed(Outcome.value(answer)).getInt32("code").getValue());
    }

    @Test
    void callersOwnTimeLimitStays() {
        ask(Documents.bson("{ping: 1, maxTimeMS: 5}"));
        assertEquals(5, stage.next("ping").document().getInt32("maxTimeMS").getValue());
    }

    /** @param said part of the message */
    record Bad(String name, Object body, DeliveryOptions headers, String said) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Bad> badRequests() {
        DeliveryOptions right = headers("action", "command", "database", "db");
        return Stream.of(
                        Stream.of(
                                new Bad("no action", PING, headers("database", "db"), "action"),
                                new Bad("unknown action", PING, headers("action", "open", "database", "db"), "action"),
                                new Bad("no database", PING, headers("action", "command"), "database"),
                                new Bad(
                                        "bad database",
                                        PING,
                                        headers("action", "command", "database", "a.b"),
                                        "database"),
                                new Bad(
                                        "half a character in the database",
                                        PING,
                                        headers("action", "command", "database", "d\ud800b"),
                                        "database"),
                                new Bad(
                                        "bad timeout",
                                        PING,
                                        headers("action", "command", "timeout", "soon"),
                                        "timeout"),
                                new Bad("JSON", new JsonObject(), right, "body"),
                                new Bad("nothing", Buffer.buffer(), right, "document length"),
                                new Bad("three bytes", Vectors.bytes("050000"), right, "document length"),
                                new Bad("empty document", Vectors.bytes("0500000000"), right, "command: empty"),
                                new Bad("no name", Documents.bson("{'': 1}"), right, "command: empty"),
                                new Bad("$db", Documents.bson("{ping: 1, $db: 'admin'}"), right, "$db: present"),
                                new Bad("two documents", PING.copy().appendBuffer(PING), right, "document length"),
                                new Bad(
                                        "M20 string length -1",
                                        Vectors.bytes("0e000000026100ffffffff780000"),
                                        right,
                                        "string"),
                                new Bad("M24 value missing", Vectors.bytes("0800000010610000"), right, "value"),
                                new Bad("M28 nested 201", nested(200), right, "nesting: 201 (expected: <= 200)")),
                        Stream.of("M17", "M18", "M19", "M21", "M22", "M23", "M25", "M26", "M27")
                                .map(id -> new Bad(id, document(id), right, ": ")))
                .flatMap(rows -> rows);
    }

    /** The document of a vector that is an OP_MSG: behind header, flags and kind. */
    private static Buffer document(String id) {
        Buffer message = AbuseVectors.of("mongo").get(id).bytes();
        return message.getBuffer(21, message.length());
    }

    /** {@code {a: {a: ... {}}}}, {@code depth} of them around the innermost. */
    private static Buffer nested(int depth) {
        Buffer document = Vectors.bytes("0500000000");
        Buffer bytes = Buffer.buffer();
        for (int i = depth; i > 0; i--) {
            bytes.appendIntLE(5 + 8 * i).appendString("\u0003a\0");
        }
        return bytes.appendBuffer(document).appendBytes(new byte[depth]);
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void badRequest(Bad bad) {
        ServiceException failure = (ServiceException) Outcome.failure(ask(bad.body(), bad.headers()));
        assertEquals("BAD_REQUEST", Stage.word(failure));
        assertTrue(failure.getMessage().contains(bad.said()), failure.getMessage());
        Future<Buffer> next = ask(PING);
        stage.next("ping").ok();
        Outcome.value(next);
    }
}
