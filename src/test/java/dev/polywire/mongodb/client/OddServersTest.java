package dev.polywire.mongodb.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.session.MongoPoolOptions;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that are others than they should be, or than they were. */
class OddServersTest {

    private final LoginStage stage = new LoginStage();
    private final List<ScriptedPeer> peers = new CopyOnWriteArrayList<>();
    private final List<Link.State> states = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        stage.close();
    }

    private MongoClient client() {
        stage.answers = Map.of("hello", (peer, request, honest) -> {
            peers.add(peer);
            peer.reply(request, honest);
        });
        return Outcome.value(stage.on(() -> {
            MongoClient up = new MongoClient(
                    stage.vertx,
                    EndpointOptions.of("127.0.0.1", stage.port),
                    LoginStage.options(ScramHash.SHA_1),
                    MongoPoolOptions.of(1, 8),
                    0,
                    Spi.NONE,
                    (state, cause) -> states.add(state));
            return up.start().map(up);
        }));
    }

    /** Each connection has the limits of its own hello. */
    @Test
    void otherSizesAfterAReconnect() {
        Buffer large = Documents.bson("{ping: 1, text: '" + "x".repeat(5_000) + "', $db: 'admin'}");
        MongoClient client = client();
        assertEquals("ok", asked(client, large, true));
        changed("maxWireVersion: 25, maxMessageSizeBytes: 5000");
        assertEquals("LIMIT_EXCEEDED", asked(client, large, true));
        assertEquals("ok", asked(client, Documents.bson("{ping: 1, $db: 'admin'}"), true));
        changed("maxWireVersion: 25, maxMessageSizeBytes: 48000000");
        assertEquals("ok", asked(client, large, true));
    }

    private void changed(String hello) {
        stage.hello = hello;
        int ready = states.size();
        peers.get(peers.size() - 1).close();
        await().until(() -> states.size() > ready && states.get(states.size() - 1) == Link.State.READY);
    }

    private String asked(MongoClient client, Buffer command, boolean heard) {
        return Outcome.value(stage.on(
                () -> client.command(new MongoCall(command, true, Deadline.after(stage.vertx, 20_000), !heard))
                        .map("ok")
                        .otherwise(LoginStage::word)));
    }

    /** FerretDB 1.24.2 answers what was sent with moreToCome; also when nobody waits for anything. */
    @Test
    void answersWhatNobodyWaitsFor() {
        MongoClient client = client();
        Buffer silent = Documents.bson("{delete: 'c', writeConcern: {w: 0}, $db: 'd'}");
        assertEquals("ok", asked(client, silent, false));
        await().until(() -> states.contains(Link.State.RECOVERING));
        assertEquals("ok", asked(client, Documents.bson("{ping: 1, $db: 'admin'}"), true));
        assertTrue(peers.size() > 1);
    }

    /** More than was asked for, though nobody allowed it: the caller in flight does not get it, nor does the next. */
    @Test
    void answersAgainAndAgain() {
        stage.answers = Map.of("ping", (peer, request, honest) -> {
            int id = peer.answer(request.header().requestId(), new OpMsg(OpMsg.MORE_TO_COME, honest, List.of()));
            peer.send(id, new OpMsg(OpMsg.MORE_TO_COME, honest, List.of()));
        });
        MongoConnection connection = Outcome.value(stage.connecting(LoginStage.options(ScramHash.SHA_1)));
        assertEquals("FRAMING", LoginStage.word(Outcome.failure(stage.ping(connection))));
        assertTrue(connection.isClosed());
    }

    /** An alert, and an end; both before anything of ours was read. */
    @Test
    void speaksTls() {
        try (RawPeer.Door door = new RawPeer.Door()) {
            Future<MongoConnection> connecting =
                    stage.connecting(door.port(), LoginStage.options(ScramHash.SHA_256), LoginStage.keys());
            try (RawPeer server = door.accept()) {
                server.write(Vectors.bytes("15 0303 0002 0246"));
            }
            Throwable failure = Outcome.failure(connecting);
            assertEquals("UNAUTHENTICATED", LoginStage.word(failure));
            assertTrue(failure.getMessage().contains("speaks TLS (expected: plain TCP"), failure::getMessage);
        }
    }

    @Test
    void speaksNoTls() {
        Dialer secured = new Dialer(
                stage.vertx, EndpointOptions.of("127.0.0.1", stage.port).secured(), "mongodb", Spi.NONE);
        Throwable failure = Outcome.failure(stage.on(
                () -> MongoConnection.connect(secured, LoginStage.options(ScramHash.SHA_256), 8, LoginStage.keys())));
        assertTrue(failure.getMessage().contains("(is it a port without TLS?)"), failure::getMessage);
        assertEquals(List.of(), stage.strangers);
    }
}
