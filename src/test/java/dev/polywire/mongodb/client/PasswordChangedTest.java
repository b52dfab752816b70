package dev.polywire.mongodb.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that does not know our password any more, or not yet. */
class PasswordChangedTest {

    private static final MongoCredential CHANGED = new MongoCredential(LoginStage.USER.user(), "another", "admin");

    private final LoginStage stage = new LoginStage();
    /** Those that have begun a login, and those that have not. */
    private final Set<ScriptedPeer> logins = ConcurrentHashMap.newKeySet();

    private final Set<ScriptedPeer> watchers = ConcurrentHashMap.newKeySet();
    private final List<Link.State> states = new CopyOnWriteArrayList<>();

    PasswordChangedTest() {
        stage.answers = Map.of("hello", (peer, request, honest) -> {
            BsonDocument hello = Documents.parsed(request.command());
            if (hello.containsKey("speculativeAuthenticate")) {
                logins.add(peer);
            } else if (!logins.contains(peer)) {
                watchers.add(peer);
                assertFalse(hello.containsKey("saslSupportedMechs"));
            }
            peer.reply(request, honest);
        });
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private MongoClient client(long heartbeatMillis) {
        return Outcome.value(stage.on(() -> {
            MongoClient up = new MongoClient(
                    stage.vertx,
                    EndpointOptions.of("127.0.0.1", stage.port),
                    LoginStage.options(ScramHash.SHA_256),
                    MongoPoolOptions.of(1, 8),
                    heartbeatMillis,
                    Spi.NONE,
                    (state, cause) -> states.add(state));
            return up.start().transform(started -> Future.succeededFuture(up));
        }));
    }

    private String ping(MongoClient client) {
        return Outcome.value(stage.on(() -> client.command(stage.ping())
                .map(answer -> BsonFields.firstName(answer))
                .otherwise(LoginStage::word)));
    }

    /** The connection that works stays, though the one beside it is replaced: it does not log in. */
    @Test
    void whatIsConnectedStays() {
        MongoClient client = client(50);
        stage.knows(Manner.TODAY, CHANGED, LoginStage.BOTH);
        for (int seconds = 1; seconds <= 2; seconds++) {
            int many = seconds;
            await().until(() -> watchers.size() == many);
            watchers.forEach(ScriptedPeer::close);
        }
        await().until(() -> watchers.size() == 3);
        assertEquals("ok", ping(client));
        assertEquals(1, logins.size());
        assertEquals(1, Collections.frequency(states, Link.State.READY));
    }

    /** Callers are told at once, and the server is not asked again for each of them. */
    @Test
    void whatIsLostIsRefused() {
        MongoClient client = client(0);
        assertEquals("ok", ping(client));
        stage.knows(Manner.TODAY, CHANGED, LoginStage.BOTH);
        logins.forEach(ScriptedPeer::close);
        await().until(() -> ping(client).equals("UNAUTHENTICATED"));
        for (int calls = 0; calls < 5; calls++) {
            assertEquals("UNAUTHENTICATED", ping(client));
        }
        assertEquals(2, logins.size());
        stage.knows(Manner.TODAY, LoginStage.USER, LoginStage.BOTH);
        assertEquals("ok", ping(client(0)));
    }

    @Test
    void wrongFromTheBeginning() {
        stage.knows(Manner.TODAY, CHANGED, LoginStage.BOTH);
        MongoClient client = client(0);
        assertEquals("UNAUTHENTICATED", ping(client));
        assertEquals(1, logins.size());
    }
}
