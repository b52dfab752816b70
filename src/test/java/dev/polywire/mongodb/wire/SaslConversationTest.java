package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.wire.AuthStep.AuthRefused;
import dev.polywire.mongodb.wire.AuthStep.Authenticated;
import dev.polywire.mongodb.wire.AuthStep.DeriveKeys;
import dev.polywire.mongodb.wire.AuthStep.SendCommand;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of authentication, byte by byte, and the answers that end it. */
class SaslConversationTest {

    private static final Vectors VECTORS = Vectors.read("mongo-scram.txt");
    private static final MongoCredential USER = new MongoCredential("user", "pencil", "admin");
    private static final String SHA_1_NONCE = "fyko+d2lbbFgONRv9qkxdawL";
    private static final String SHA_256_NONCE = "rOprNGfwEbeRWgbNEkqO";

    /** The document of an OP_MSG. */
    private static Buffer body(String id) {
        Buffer message = VECTORS.get(id).bytes();
        return message.slice(21, message.length());
    }

    private static BsonDocument answer(Buffer payload, boolean done) {
        return BsonDocument.parse("{conversationId: 1}")
                .append("done", new BsonBoolean(done))
                .append("payload", new BsonBinary(payload.getBytes()));
    }

    private static Buffer sent(AuthStep step) {
        return assertInstanceOf(SendCommand.class, step).command();
    }

    private static AuthStep computed(AuthConversation conversation, AuthStep step) {
        return conversation.computed(
                assertInstanceOf(DeriveKeys.class, step).derivation().keys());
    }

    private static AuthConversation sha256() {
        return MongoMechanism.scram(ScramHash.SHA_256).start(USER, SHA_256_NONCE);
    }

    /** At the server's proof. */
    private static AuthConversation sha256Proved() {
        AuthConversation conversation = sha256();
        computed(conversation, conversation.answered(body("sha256_start_r")));
        return conversation;
    }

    private static void refuses(String complaint, AuthStep step) {
        assertEquals(new AuthRefused("SCRAM-SHA-256: " + complaint, null), assertInstanceOf(AuthRefused.class, step));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sha1(boolean skipped) {
        AuthConversation conversation = MongoMechanism.scram(ScramHash.SHA_1).start(USER, SHA_1_NONCE);
        assertEquals(body("sha1_start"), conversation.first());
        AuthStep step = conversation.answered(
                Documents.bson(answer(VECTORS.get("sha1_s1").bytes(), false)));
        assertEquals(body("sha1_cont"), sent(computed(conversation, step)));
        if (skipped) {
            assertInstanceOf(Authenticated.class, conversation.answered(body("sha1_cont_r")));
            return;
        }
        assertEquals(body("sha1_cont_empty"), sent(conversation.answered(body("sha1_cont_r_notdone"))));
        assertInstanceOf(Authenticated.class, conversation.answered(Documents.bson(answer(Buffer.buffer(), true))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sha256(boolean skipped) {
        AuthConversation conversation = sha256();
        assertEquals(body("sha256_start"), conversation.first());
        AuthStep step = computed(conversation, conversation.answered(body("sha256_start_r")));
        Buffer payload =
                Buffer.buffer(Documents.parsed(sent(step)).getBinary("payload").getData());
        assertEquals(VECTORS.get("sha256_c2").bytes(), payload);
        if (skipped) {
            assertInstanceOf(Authenticated.class, conversation.answered(body("sha256_cont_r")));
            return;
        }
        assertEquals(body("sha256_cont_empty"), sent(conversation.answered(body("sha256_cont_r_notdone"))));
        assertInstanceOf(Authenticated.class, conversation.answered(Documents.bson(answer(Buffer.buffer(), true))));
    }

    /** In a hello the database has another name, and all else is the same. */
    @Test
    void speculative() {
        BsonDocument command = Documents.parsed(sha256().first());
        command.append("db", command.remove("$db"));
        assertEquals(command, Documents.parsed(sha256().speculative()));
    }

    @Test
    void plain() {
        MongoCredential user = new MongoCredential("user", "pencil", MongoCredential.EXTERNAL);
        AuthConversation conversation = MongoMechanism.plain().start(user, "x");
        assertEquals(body("plain"), conversation.first());
        assertInstanceOf(Authenticated.class, conversation.answered(Documents.bson(answer(Buffer.buffer(), true))));
        assertInstanceOf(
                AuthRefused.class,
                MongoMechanism.plain().start(user, "x").answered(Documents.bson(answer(Buffer.buffer("x"), true))));
    }

    @Test
    void x509() {
        MongoMechanism mechanism = MongoMechanism.x509();
        AuthConversation unnamed = mechanism.start(new MongoCredential(null, null, "$external"), "x");
        assertEquals(
                BsonDocument.parse("{authenticate: 1, mechanism: 'MONGODB-X509', $db: '$external'}"),
                Documents.parsed(unnamed.first()));
        AuthConversation named = mechanism.start(new MongoCredential("CN=a", null, "$external"), "x");
        assertEquals(
                BsonDocument.parse("{authenticate: 1, mechanism: 'MONGODB-X509', user: 'CN=a', db: '$external'}"),
                Documents.parsed(named.speculative()));
        assertInstanceOf(Authenticated.class, named.answered(Documents.bson("{dbname: '$external', user: 'CN=a'}")));
        assertThrows(IllegalStateException.class, () -> named.computed(ScramKeys.of(ScramHash.SHA_1, new byte[20])));
    }

    // ---- wrong answers

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{conversationId: 1, done: false}",
                "{conversationId: 1, payload: {$binary: {base64: '', subType: '00'}}}",
                "{done: false, payload: {$binary: {base64: '', subType: '00'}}}",
                "{conversationId: 1, done: false, payload: 'r=x'}",
                "{conversationId: '1', done: false, payload: {$binary: {base64: '', subType: '00'}}}",
            })
    void incomplete(String answer) {
        refuses(
                "answer: incomplete (expected: conversationId int32, done boolean, payload binary)",
                sha256().answered(Documents.bson(answer)));
    }

    @Test
    void doneTooEarly() {
        Buffer payload = VECTORS.get("sha256_s1").bytes();
        refuses(
                "done: true before the server is verified (expected: false)",
                sha256().answered(Documents.bson(answer(payload, true))));
        refuses(
                "server-first r=: missing (expected: an attribute)",
                sha256().answered(Documents.bson(answer(Buffer.buffer(), true))));
        refuses(
                "server-final v=: missing (expected: an attribute)",
                sha256Proved().answered(Documents.bson(answer(Buffer.buffer(), true))));
    }

    @Test
    void anotherConversation() {
        Buffer other = Documents.bson(BsonDocument.parse("{conversationId: 2, done: true, payload: {$binary: {base64: '"
                + Base64.getEncoder()
                        .encodeToString(VECTORS.get("sha256_s2").bytes().getBytes())
                + "', subType: '00'}}}"));
        refuses(
                "conversationId: another one (expected: that of the first answer)",
                sha256Proved().answered(other));
    }

    @Test
    void neverDone() {
        for (BsonDocument last :
                new BsonDocument[] {answer(Buffer.buffer(), false), answer(Buffer.buffer("v=x"), true)}) {
            AuthConversation conversation = sha256Proved();
            sent(conversation.answered(body("sha256_cont_r_notdone")));
            refuses(
                    "done: false behind the empty exchange (expected: true, no payload)",
                    conversation.answered(Documents.bson(last)));
        }
    }

    @Test
    void iterationsAreJudgedBeforeTheyAreHashed() {
        refuses(
                "SCRAM iterations: 2147483647 (expected: 4096 to 100000)",
                sha256().answered(Documents.bson(
                        answer(Buffer.buffer("r=" + SHA_256_NONCE + "x,s=AAAA,i=2147483647"), false))));
    }

    @Test
    void outOfTurn() {
        ScramKeys keys = ScramKeys.of(ScramHash.SHA_256, new byte[32]);
        assertThrows(IllegalStateException.class, () -> sha256().computed(keys));
        AuthConversation conversation = sha256();
        conversation.answered(body("sha256_start_r"));
        assertThrows(IllegalStateException.class, () -> conversation.answered(body("sha256_cont_r")));
    }

    // ---- credentials

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "SCRAM-SHA-256, user, -, admin, password: missing",
                "SCRAM-SHA-256, -, canary, admin, user: missing",
                "SCRAM-SHA-1, user, -, admin, password: missing",
                "PLAIN, user, -, $external, password: missing",
                "PLAIN, -, canary, $external, user: missing",
                "MONGODB-X509, user, canary, $external, password: present",
                "MONGODB-X509, user, -, admin, authSource: a database",
            })
    void unfitCredential(String mechanism, String user, String password, String source, String complaint) {
        MongoCredential credential = new MongoCredential(user, password, source);
        MongoMechanism chosen = switch (mechanism) {
            case "PLAIN" -> MongoMechanism.plain();
            case "MONGODB-X509" -> MongoMechanism.x509();
            case "SCRAM-SHA-1" -> MongoMechanism.scram(ScramHash.SHA_1);
            default -> MongoMechanism.scram(ScramHash.SHA_256);
        };
        assertEquals(mechanism, chosen.toString());
        String said = assertThrows(IllegalArgumentException.class, () -> chosen.check(credential))
                .getMessage();
        assertTrue(said.startsWith(complaint + " (expected: ") || said.startsWith(complaint + " "), said);
        assertTrue(!said.contains("canary"), said);
    }

    @ParameterizedTest
    @CsvSource({"'', p, s", "u, p, ''", "'a\u0000b', p, s"})
    void noCredential(String user, String password, String source) {
        assertThrows(IllegalArgumentException.class, () -> new MongoCredential(user, password, source));
    }
}
