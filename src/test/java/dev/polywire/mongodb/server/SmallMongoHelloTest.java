package dev.polywire.mongodb.server;

import static dev.polywire.mongodb.server.SmallMongoTest.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.MongoUser;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a small server says of itself, and whom it lets in. */
class SmallMongoHelloTest {

    private static final MongoCredential KNOWN = new MongoCredential("u", "p", "admin");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Before the login nothing but the login. */
    @Test
    void unauthorized() {
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.locked(MongoUser.of(KNOWN)))) {
            BsonDocument hello = client.command("{hello: 1, saslSupportedMechs: 'admin.u'}");
            assertEquals(
                    Set.of(new BsonString("SCRAM-SHA-1"), new BsonString("SCRAM-SHA-256")),
                    Set.copyOf(hello.getArray("saslSupportedMechs")));
            for (String command : List.of("{ping: 1}", "{find: 'x'}", "{fly: 1}", "{endSessions: []}")) {
                assertEquals(13, number(client.command(command), "code"));
            }
            assertEquals(14, number(client.command("{saslStart: 1, mechanism: 'PLAIN', payload: 1}"), "code"));
        }
    }

    /** What a hello asks for may be of any type: it is refused, and the connection goes on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{hello: 1, topologyVersion: {}, maxAwaitTimeMS: 'x'} | 14",
                "{hello: 1, helloOk: 'x'} | 14",
                "{hello: 1, saslSupportedMechs: 1} | 14",
                "{hello: 1, speculativeAuthenticate: 1} | 14",
                "{hello: 1, speculativeAuthenticate: {}} | 2",
                "{hello: 1, speculativeAuthenticate: {}, topologyVersion: {}, maxAwaitTimeMS: 1} | 2",
            })
    void wrongHello(String hello, int code) {
        SmallMongoOptions locked = SmallMongoOptions.DEFAULT.locked(MongoUser.of(KNOWN));
        for (SmallMongoOptions each : List.of(
                locked, SmallMongoOptions.DEFAULT.says(HelloFields.standalone().watched()))) {
            try (MongoSocket client = MongoSocket.to(vertx, each)) {
                assertEquals(code, number(client.command(hello), "code"));
                assertEquals(1, number(client.command("{hello: 1}"), "ok"));
            }
        }
    }

    /** A login that is begun in a hello, and wrong, is not begun. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{saslStart: 1, mechanism: 1}",
                "{saslStart: 1, mechanism: 'PLAIN', payload: 1}",
                "{saslContinue: 1}"
            })
    void notBegun(String login) {
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.locked(MongoUser.of(KNOWN)))) {
            BsonDocument hello = client.command("{hello: 1, speculativeAuthenticate: " + login + "}");
            assertEquals(1, number(hello, "ok"));
            assertFalse(hello.containsKey("speculativeAuthenticate"));
        }
    }

    /** A server without a user knows nobody, and needs nobody to log in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: 1}",
                "{saslContinue: 1, conversationId: 1}",
                "{authenticate: 1, mechanism: 'MONGODB-X509'}",
            })
    void knowsNobody(String login) {
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT)) {
            BsonDocument answer = client.command(login);
            assertEquals(18, number(answer, "code"));
            assertEquals("AuthenticationFailed", answer.getString("codeName").getValue());
            assertEquals(1, number(client.command("{ping: 1}"), "ok"));
        }
    }

    /** Who has logged in has done so on its own connection only. */
    @Test
    void loginOfAnother() {
        MongoUser user = MongoUser.of(new MongoCredential("u", "p", MongoCredential.EXTERNAL));
        int port = Outcome.value(
                new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), SmallMongoOptions.DEFAULT.locked(user))
                        .listen());
        try (MongoSocket client = new MongoSocket(port);
                MongoSocket other = new MongoSocket(port)) {
            client.command("{authenticate: 1, mechanism: 'MONGODB-X509'}");
            assertEquals(1, number(client.command("{ping: 1}"), "ok"));
            assertEquals(13, number(other.command("{ping: 1}"), "code"));
        }
    }

    /** What a server says of itself is what its options say, and nothing else. */
    @Test
    void hello() {
        HelloFields fields = HelloFields.standalone()
                .with("maxWireVersion", new BsonInt32(9))
                .with("readOnly", null)
                .with("setName", new BsonString("rs"))
                .with("serviceId", new BsonString("s"));
        try (MongoSocket client = MongoSocket.to(vertx, SmallMongoOptions.DEFAULT.says(fields))) {
            BsonDocument hello = client.command("{hello: 1, helloOk: true}");
            assertEquals(
                    "[helloOk, isWritablePrimary, maxBsonObjectSize, maxMessageSizeBytes, maxWriteBatchSize, localTime,"
                            + " logicalSessionTimeoutMinutes, connectionId, minWireVersion, maxWireVersion, setName,"
                            + " serviceId, ok]",
                    hello.keySet().toString());
            assertEquals(9, number(hello, "maxWireVersion"));
            assertEquals(1, number(hello, "connectionId"));
            BsonDocument old = client.command("{isMaster: 1}");
            assertTrue(old.containsKey("ismaster"));
            assertFalse(old.containsKey("isWritablePrimary"));
            assertFalse(old.containsKey("helloOk"));

            OpQuery query = new OpQuery(0, "admin.$cmd", 0, -1, Documents.bson("{hello: 1}"), null);
            assertInstanceOf(OpReply.class, client.ask(query).message());
            OpReply wrapped =
                    client.query("admin.$cmd", -1, "{$query: {isMaster: 1}, $readPreference: {mode: 'nearest'}}");
            assertEquals(9, number(MongoSocket.documents(wrapped).get(0), "maxWireVersion"));
        }
    }
}
