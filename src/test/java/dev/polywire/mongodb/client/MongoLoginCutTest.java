package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.testing.EveryCut;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A handshake with a login that is cut behind every byte, by FIN or a reset: the attempt fails as one that had no effect, or the
 * server knows us; the next attempt succeeds.
 */
class MongoLoginCutTest {

    private static final Set<String> OF_NO_EFFECT = Set.of("CONNECTION_LOST", "UNAVAILABLE");

    private final LoginStage stage = new LoginStage();

    @AfterEach
    void close() {
        stage.close();
    }

    /** @param begun whether the server answers what is begun in the hello @param skips whether it needs no empty exchange */
    @ParameterizedTest
    @CsvSource({"SHA_256, true, true", "SHA_1, false, false"})
    void everyCut(ScramHash hash, boolean begun, boolean skips) {
        stage.knows(new Manner(skips, begun, 4_096), LoginStage.USER, LoginStage.BOTH);
        MongoClientOptions options = LoginStage.options(hash);
        ScramKeyCache keys = LoginStage.keys();
        Outcome.value(stage.connecting(stage.port, options, keys));
        EveryCut.of(stage.port, 23, (port, number) -> converse(port, options, keys));
        Set<String> strangers = new HashSet<>(stage.strangers);
        strangers.removeAll(Set.of("hello", "saslStart", "saslContinue"));
        assertEquals(Set.of(), strangers);
    }

    private Future<?> converse(int port, MongoClientOptions options, ScramKeyCache keys) {
        return stage.connecting(port, options, keys)
                .transform(first -> {
                    if (first.succeeded()) {
                        return stage.ping(first.result()).transform(asked -> over(first.result()));
                    }
                    String word = LoginStage.word(first.cause());
                    assertTrue(OF_NO_EFFECT.contains(word), () -> "failed: " + first.cause());
                    return Future.succeededFuture();
                })
                .compose(over -> stage.connecting(port, options, keys))
                .compose(second -> stage.ping(second).compose(pong -> {
                    assertEquals(Documents.OK, pong);
                    return over(second);
                }));
    }

    private Future<Void> over(MongoConnection connection) {
        return stage.on(() -> {
            connection.close(new IllegalStateException("the test is over"));
            return Future.succeededFuture();
        });
    }
}
