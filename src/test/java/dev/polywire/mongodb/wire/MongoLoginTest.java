package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.server.ScriptedLogin;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.wire.AuthStep.AuthRefused;
import dev.polywire.mongodb.wire.AuthStep.Authenticated;
import dev.polywire.mongodb.wire.AuthStep.DeriveKeys;
import dev.polywire.mongodb.wire.AuthStep.SendCommand;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client's whole authentication against the server of the test kit, without sockets. */
class MongoLoginTest {

    private static final MongoCredential USER = new MongoCredential("user", "canary", "admin");
    private static final List<ScramHash> BOTH = List.of(ScramHash.SHA_1, ScramHash.SHA_256);

    private final Random random = new Random(7);
    private final Supplier<String> nonces = () -> ScramHash.nonce(random);

    /** What was sent, in order: the hello's speculative beginning in brackets, and how it ended. */
    private final List<String> words = new ArrayList<>();
    /** Everything that can be read by people. */
    private final StringBuilder texts = new StringBuilder();

    private AuthStep run(MongoLogin login, ScriptedLogin server) {
        Buffer hello = BsonOut.document(out -> {
            out.writeInt32("isMaster", 1);
            login.writeTo(out);
        });
        BsonDocument asked = Documents.parsed(hello);
        if (asked.containsKey("speculativeAuthenticate")) {
            words.add("[" + mechanism(asked.getDocument("speculativeAuthenticate")) + "]");
        }
        Buffer answer = BsonOut.document(out -> {
            out.writeInt32("minWireVersion", 0);
            out.writeInt32("maxWireVersion", 25);
            server.writeTo(out, hello);
        });
        AuthStep step = login.greeted(HelloReply.read(answer));
        while (!(step instanceof Authenticated) && !(step instanceof AuthRefused)) {
            texts.append(step).append(login).append(server);
            if (step instanceof DeriveKeys keys) {
                step = login.computed(keys.derivation().keys());
            } else {
                Buffer command = assertInstanceOf(SendCommand.class, step).command();
                words.add(mechanism(Documents.parsed(command)));
                Buffer reply = server.answer(command);
                BsonBounds.check(reply);
                step = login.answered(reply);
            }
        }
        texts.append(step).append(login);
        assertFalse(texts.toString().contains("canary"), texts::toString);
        return step;
    }

    private static String mechanism(BsonDocument command) {
        return command.containsKey("mechanism") ? command.getString("mechanism").getValue() : command.getFirstKey();
    }

    private static List<ScramHash> hashes(String names) {
        return Stream.of(names.split(" ")).map(ScramHash::valueOf).toList();
    }

    @ParameterizedTest
    @CsvSource({
        // skipsEmptyExchange, speculative, the user's mechanisms
        "true, true, SHA_1 SHA_256, [SCRAM-SHA-256] saslContinue",
        "false, true, SHA_1 SHA_256, [SCRAM-SHA-256] saslContinue saslContinue",
        "true, false, SHA_1 SHA_256, [SCRAM-SHA-256] SCRAM-SHA-256 saslContinue",
        "false, false, SHA_256, [SCRAM-SHA-256] SCRAM-SHA-256 saslContinue saslContinue",
        "true, true, SHA_1, [SCRAM-SHA-256] SCRAM-SHA-1 saslContinue",
        "false, false, SHA_1, [SCRAM-SHA-256] SCRAM-SHA-1 saslContinue saslContinue",
    })
    void negotiated(boolean skips, boolean speculative, String mechanisms, String sent) {
        ScriptedLogin server =
                new ScriptedLogin(new Manner(skips, speculative, 4_096), USER, hashes(mechanisms), nonces);
        assertInstanceOf(Authenticated.class, run(new MongoLogin(MongoMechanism.negotiated(), USER, nonces), server));
        assertTrue(server.isAuthenticated());
        assertEquals(sent, String.join(" ", words));
    }

    @ParameterizedTest
    @CsvSource({"SHA_1", "SHA_256"})
    void named(ScramHash hash) {
        ScriptedLogin server = new ScriptedLogin(Manner.TODAY, USER, BOTH, nonces);
        MongoLogin login = new MongoLogin(List.of(MongoMechanism.scram(hash)), USER, nonces);
        assertInstanceOf(Authenticated.class, run(login, server));
        assertEquals(List.of("[" + hash.mechanism() + "]", "saslContinue"), words);
    }

    /** Names that need escaping, and a password that needs preparing. */
    @ParameterizedTest
    @CsvSource({"'a=b,c', 'p,=:%'", "'=2C', 'x'", "'\u2168', '\u2168'", "'user', ''"})
    void oddNames(String user, String password) {
        MongoCredential odd = new MongoCredential(user, password, "a.b");
        for (ScramHash hash : ScramHash.values()) {
            ScriptedLogin server = new ScriptedLogin(Manner.TODAY, odd, BOTH, nonces);
            MongoLogin login = new MongoLogin(List.of(MongoMechanism.scram(hash)), odd, nonces);
            assertInstanceOf(Authenticated.class, run(login, server));
        }
    }

    @ParameterizedTest
    @CsvSource({"user, wrong-canary", "other, canary"})
    void refused(String user, String password) {
        MongoCredential wrong = new MongoCredential(user, password, "admin");
        ScriptedLogin server = new ScriptedLogin(Manner.TODAY, USER, BOTH, nonces);
        assertEquals(
                18,
                assertInstanceOf(
                                AuthRefused.class,
                                run(new MongoLogin(MongoMechanism.negotiated(), wrong, nonces), server))
                        .serverCode());
        assertFalse(server.isAuthenticated());
    }

    @ParameterizedTest
    @CsvSource({"1", "4095", "100001", "2147483647"})
    void iterationsOutOfBounds(int iterations) {
        ScriptedLogin server = new ScriptedLogin(new Manner(true, true, iterations), USER, BOTH, nonces);
        assertEquals(
                new AuthRefused("SCRAM-SHA-256: SCRAM iterations: " + iterations + " (expected: 4096 to 100000)", null),
                run(new MongoLogin(MongoMechanism.negotiated(), USER, nonces), server));
    }

    @Test
    void plain() {
        MongoCredential outside = new MongoCredential("user", "canary", MongoCredential.EXTERNAL);
        MongoLogin login = new MongoLogin(List.of(MongoMechanism.plain()), outside, nonces);
        assertTrue(login.sendsPassword());
        ScriptedLogin server = new ScriptedLogin(Manner.TODAY, outside, List.of(), nonces);
        assertInstanceOf(Authenticated.class, run(login, server));
        assertEquals(List.of("PLAIN"), words);
        ScriptedLogin other = new ScriptedLogin(
                Manner.TODAY, new MongoCredential("user", "other", MongoCredential.EXTERNAL), List.of(), nonces);
        assertEquals(
                new AuthRefused("PLAIN: refused by the server, code 18 (AuthenticationFailed)", 18),
                run(new MongoLogin(List.of(MongoMechanism.plain()), outside, nonces), other));
    }

    @ParameterizedTest
    @CsvSource({"true, [MONGODB-X509]", "false, [MONGODB-X509] MONGODB-X509"})
    void x509(boolean speculative, String sent) {
        MongoCredential certified = new MongoCredential(null, null, MongoCredential.EXTERNAL);
        MongoLogin login = new MongoLogin(List.of(MongoMechanism.x509()), certified, nonces);
        assertFalse(login.sendsPassword());
        ScriptedLogin server = new ScriptedLogin(new Manner(true, speculative, 4_096), certified, List.of(), nonces);
        assertInstanceOf(Authenticated.class, run(login, server));
        assertEquals(sent, String.join(" ", words));
    }

    @Test
    void theServersWordsAreNotRepeated() {
        MongoLogin login = new MongoLogin(
                List.of(MongoMechanism.plain()),
                new MongoCredential("user", "canary", MongoCredential.EXTERNAL),
                nonces);
        login.greeted(HelloReply.read(Documents.HELLO));
        assertEquals(
                new AuthRefused("PLAIN: refused by the server, code 12345 (unknown)", 12_345),
                login.answered(Documents.bson("{ok: 0, errmsg: 'no canary', code: 12345, codeName: 'canary'}")));
    }

    @Test
    void credentialsAreJudgedBeforeAnythingIsSent() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new MongoLogin(MongoMechanism.negotiated(), new MongoCredential("u", null, "admin"), nonces));
        MongoLogin login = new MongoLogin(MongoMechanism.negotiated(), USER, nonces);
        assertThrows(IllegalStateException.class, () -> login.answered(Documents.OK));
        assertEquals("MongoLogin[SCRAM-SHA-256]", login.toString());
        assertEquals("MongoCredential[source=admin]", USER.toString());
    }
}
