package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoMechanism;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.testing.Canary;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** M41: with the wire log on, neither it nor anything else that people read has the user or the password. */
class LoginSecretsTest {

    private static final Logger WIRE = Logger.getLogger("dev.polywire.wire.mongodb");

    private final LoginStage stage = new LoginStage();
    private final LoggedTraces log = new LoggedTraces();

    LoginSecretsTest() {
        WIRE.setLevel(Level.ALL);
    }

    @AfterEach
    void close() {
        WIRE.setLevel(null);
        stage.close();
        log.close();
    }

    /** @param begun whether the server answers what is begun in the hello @param right whether the password is */
    @Tag("M41")
    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256, true, true",
        "SCRAM-SHA-256, false, true",
        "SCRAM-SHA-1, true, false",
        "negotiated, true, true",
        "negotiated, false, false",
        "PLAIN, true, true",
        "PLAIN, true, false",
    })
    void login(String mechanism, boolean begun, boolean right) {
        List<MongoMechanism> mechanisms = switch (mechanism) {
            case "negotiated" -> MongoMechanism.negotiated();
            case "PLAIN" -> List.of(MongoMechanism.plain());
            default -> List.of(MongoMechanism.scram(mechanism.endsWith("1") ? ScramHash.SHA_1 : ScramHash.SHA_256));
        };
        stage.knows(new Manner(true, begun, 4_096), LoginStage.USER, LoginStage.BOTH);
        MongoCredential user = new MongoCredential(
                LoginStage.USER.user(), right ? LoginStage.USER.password() : Canary.of("nobody"), "admin");
        MongoClientOptions options = LoginStage.options(mechanisms, user);
        ScramKeyCache keys = LoginStage.keys();
        if (right) {
            MongoConnection connection = Outcome.value(stage.connecting(stage.port, options, keys));
            assertEquals(Documents.OK, Outcome.value(stage.ping(connection)));
            silent(connection + " " + connection.hello());
        } else {
            silent(Outcome.failure(stage.connecting(stage.port, options, keys)).toString());
        }
        silent(options + " " + user + " " + keys + " " + mechanisms);
        assertTrue(log.text().contains("OP_MSG isMaster, "), log::text);
        assertTrue(log.text().contains("(may hold credentials)"), log::text);
    }

    /** A server that repeats what it was told, in a message that answers nothing. */
    @Test
    void repeatedToNobody() {
        Buffer told = Documents.bson("{ok: 0, errmsg: '" + Canary.of("mongo-user") + "'}");
        for (String step : List.of("hello", "saslContinue")) {
            stage.answers = Map.of(step, (peer, request, honest) -> peer.send(99, new OpMsg(told)));
            String failure = Outcome.failure(stage.connecting(LoginStage.options(ScramHash.SHA_256)))
                    .toString();
            assertFalse(failure.contains(Canary.SONG), failure);
        }
        List<String> ofTheClient = log.text()
                .lines()
                .filter(line -> line.contains(stage.port + " <- "))
                .toList();
        assertEquals(3, ofTheClient.size(), ofTheClient::toString);
        ofTheClient.forEach(line -> assertTrue(line.endsWith(": (may hold credentials)"), line));
    }

    /** Nothing is hidden that could be shown. */
    @Test
    void othersAreShown() {
        MongoConnection connection = Outcome.value(stage.connecting(LoginStage.options(ScramHash.SHA_1)));
        Outcome.value(stage.ping(connection));
        assertTrue(log.text().contains(hex("ping")), log::text);
    }

    private void silent(String shown) {
        String all = shown + log.text();
        assertFalse(all.contains(Canary.SONG), all);
        assertFalse(all.contains(hex(Canary.SONG)), all);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
