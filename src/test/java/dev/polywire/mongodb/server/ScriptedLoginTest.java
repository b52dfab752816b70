package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoSecurityException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.wire.BsonOut;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The official Java driver logs in at the server's side of authentication. */
class ScriptedLoginTest {

    private static final MongoCredential USER = new MongoCredential("us,er=", "p\u00e4\u2168", "admin");
    private static final String LOGIN = "mongodb://us%2Cer%3D:p%C3%A4%E2%85%A8@127.0.0.1:";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Lets in who has logged in. */
    private static final class LockedMongo implements ScriptedMongo.Script {

        private final Map<ScriptedPeer, ScriptedLogin> logins = new ConcurrentHashMap<>();
        private final Random random = new Random(3);
        private final Manner manner;
        private final List<ScramHash> mechanisms;

        LockedMongo(Manner manner, List<ScramHash> mechanisms) {
            this.manner = manner;
            this.mechanisms = mechanisms;
        }

        private ScriptedLogin login(ScriptedPeer peer) {
            return logins.computeIfAbsent(
                    peer, first -> new ScriptedLogin(manner, USER, mechanisms, () -> ScramHash.nonce(random)));
        }

        @Override
        public void hello(ScriptedPeer peer, MongoServerMachine.Request request) {
            peer.reply(request, BsonOut.document(out -> {
                out.writeBoolean("helloOk", true);
                out.writeBoolean("ismaster", true);
                out.writeBoolean("isWritablePrimary", true);
                out.writeInt32("maxBsonObjectSize", 16 * 1024 * 1024);
                out.writeInt32("maxMessageSizeBytes", 48_000_000);
                out.writeInt32("maxWriteBatchSize", 100_000);
                out.writeInt32("minWireVersion", 0);
                out.writeInt32("maxWireVersion", ScriptedHello.MAX_WIRE_VERSION);
                login(peer).writeTo(out, request.command());
                out.writeDouble("ok", 1);
            }));
        }

        @Override
        public void request(ScriptedPeer peer, MongoServerMachine.Request request) {
            Buffer answer = login(peer).answer(request.command());
            if (answer != null) {
                peer.reply(request, answer);
            } else if (login(peer).isAuthenticated()) {
                peer.reply(request, Documents.OK);
            } else {
                peer.reply(request, Documents.bson("{ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'no'}"));
            }
        }
    }

    private MongoClient driver(Manner manner, String mechanisms, String login, String options) {
        List<ScramHash> hashes =
                Stream.of(mechanisms.split(" ")).map(ScramHash::valueOf).toList();
        int port = Outcome.value(
                new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), new LockedMongo(manner, hashes)).listen());
        return MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(login + port + "/?" + options))
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(20, TimeUnit.SECONDS))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, SHA_1 SHA_256, ''",
        "false, true, SHA_256, ''",
        "true, false, SHA_1, ''",
        "false, false, SHA_1 SHA_256, authMechanism=SCRAM-SHA-1",
        "true, true, SHA_1 SHA_256, authMechanism=SCRAM-SHA-256",
        "true, true, SHA_256, authMechanism=PLAIN&authSource=admin",
    })
    void logsIn(boolean skips, boolean speculative, String mechanisms, String options) {
        try (MongoClient client = driver(new Manner(skips, speculative, 4_096), mechanisms, LOGIN, options)) {
            assertEquals(
                    1.0,
                    client.getDatabase("admin")
                            .runCommand(new Document("ping", 1))
                            .get("ok"));
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "authMechanism=SCRAM-SHA-1", "authMechanism=PLAIN&authSource=admin"})
    void isRefused(String options) {
        try (MongoClient client = driver(Manner.TODAY, "SHA_1 SHA_256", "mongodb://us%2Cer%3D:x@127.0.0.1:", options)) {
            assertThrows(
                    MongoSecurityException.class,
                    () -> client.getDatabase("admin").runCommand(new Document("ping", 1)));
        }
    }
}
