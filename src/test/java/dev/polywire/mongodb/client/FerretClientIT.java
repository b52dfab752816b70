package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoLogin;
import dev.polywire.mongodb.wire.MongoMechanism;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpQuery;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client with FerretDB: login, replica set, and what is no plain command. */
class FerretClientIT {

    private static final String SET = "rs0";
    private static final OpMsg FIND = new OpMsg(Documents.bson("{find: 'things', $db: 'db'}"));

    private static FerretDb server;

    private final Loop loop = new Loop();
    private final Random random = new Random(7);

    @BeforeAll
    static void start() {
        server = FerretDb.ofReplicaSet(SET);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private MongoClientOptions options(String password, List<MongoMechanism> mechanisms, boolean checksum, String set) {
        MongoCredential user = new MongoCredential(FerretDb.USER, password, FerretDb.AUTH_SOURCE);
        return new MongoClientOptions(
                1_000_000,
                new ClientMetadata("test", "1.0"),
                1,
                10_000,
                Compressors.usable(List.of("snappy", "zlib", "zstd"), -1),
                checksum,
                () -> new MongoLogin(mechanisms, user, () -> ScramHash.nonce(random)),
                null,
                set);
    }

    private MongoClient client(MongoClientOptions options) {
        return loop.call(() -> new MongoClient(
                loop.vertx(),
                server.endpoint(),
                options,
                MongoPoolOptions.of(1, 64),
                0,
                Spi.NONE,
                (state, cause) -> {}));
    }

    private MongoClient connected(MongoClientOptions options) {
        MongoClient client = client(options);
        loop.join(client::start);
        return client;
    }

    private CallException refused(MongoClientOptions options) {
        return assertInstanceOf(CallException.class, loop.failure(client(options)::start));
    }

    private Future<MongoMessage> send(MongoClient client, MongoMessage request, boolean reads) {
        return client.send(new MongoCall(request, reads, Deadline.after(loop.vertx(), 30_000)));
    }

    private BsonDocument ask(MongoClient client, MongoMessage request) {
        MongoMessage reply = loop.join(() -> send(client, request, true));
        return Documents.parsed(
                reply instanceof OpReply legacy ? legacy.documents().get(0) : ((OpMsg) reply).body());
    }

    /** No compressor is shared, and none is used. */
    @ParameterizedTest
    @CsvSource({"SHA_1, false", "SHA_256, false", "SHA_256, true"})
    void login(ScramHash hash, boolean checksum) {
        MongoClient client = connected(options(FerretDb.PASSWORD, List.of(MongoMechanism.scram(hash)), checksum, null));
        assertEquals(1, ask(client, FIND).getNumber("ok").intValue());
    }

    @ParameterizedTest
    @CsvSource({"SHA_1", "SHA_256"})
    void wrongPassword(ScramHash hash) {
        CallException refused = refused(options("canary-7f3a-no", List.of(MongoMechanism.scram(hash)), false, null));
        assertEquals(Reason.UNAUTHENTICATED, refused.reason());
        assertTrue(refused.getMessage().contains(hash.mechanism() + ": refused by the server, code 18"));
        assertFalse(refused.getMessage().contains("canary"));
    }

    @Test
    void replicaSet() {
        MongoClient client = connected(options(FerretDb.PASSWORD, MongoMechanism.negotiated(), false, SET));
        BsonDocument hello = ask(client, new OpMsg(Documents.bson("{hello: 1, $db: 'admin'}")));
        assertEquals(SET, hello.getString("setName").getValue());
        CallException other = refused(options(FerretDb.PASSWORD, MongoMechanism.negotiated(), false, "rs1"));
        assertEquals(Reason.UNAVAILABLE, other.reason());
        assertTrue(other.getMessage().contains("setName"), other::getMessage);
    }

    /** No other call gets the answer that must not come: the connection is closed, and there is another. */
    @Test
    void moreToComeIsAnswered() {
        MongoClient client = connected(options(FerretDb.PASSWORD, MongoMechanism.negotiated(), false, null));
        OpMsg insert = new OpMsg(
                OpMsg.MORE_TO_COME,
                Documents.bson("{insert: 'more', documents: [{_id: 1}], writeConcern: {w: 0}, $db: 'db'}"),
                List.of());
        Throwable lost = loop.failure(() -> {
            Future<MongoMessage> written = send(client, insert, false);
            Future<MongoMessage> next = send(client, FIND, true);
            return written.compose(nothing -> next);
        });
        assertEquals(
                ProtocolException.Kind.FRAMING,
                assertInstanceOf(ProtocolException.class, lost).kind());
        BsonDocument count = ask(client, new OpMsg(Documents.bson("{count: 'more', $db: 'db'}")));
        assertEquals(1, count.getNumber("n").intValue());
    }

    @Test
    void queries() {
        MongoClient client = connected(options(FerretDb.PASSWORD, MongoMechanism.negotiated(), false, null));
        Buffer ping = Documents.bson("{ping: 1}");
        assertEquals(
                352,
                ask(client, new OpQuery(0, "db.$cmd", 0, -1, ping, null))
                        .getInt32("code")
                        .getValue());
        assertEquals(
                5_739_101,
                ask(client, new OpQuery(0, "db.things", 0, 10, ping, null))
                        .getInt32("code")
                        .getValue());
    }
}
