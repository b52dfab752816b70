package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.mongodb.wire.AuthStep.AuthRefused;
import dev.polywire.mongodb.wire.AuthStep.Authenticated;
import dev.polywire.mongodb.wire.AuthStep.DeriveKeys;
import dev.polywire.mongodb.wire.AuthStep.SendCommand;
import dev.polywire.testing.FerretDb;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client's authentication against FerretDB, step by step. */
class FerretLoginIT {

    private static final String FIND = "{find: 'things', $db: 'db'}";
    private static final MongoCredential USER =
            new MongoCredential(FerretDb.USER, FerretDb.PASSWORD, FerretDb.AUTH_SOURCE);

    private static FerretDb server;

    private final FerretWire wire = new FerretWire(server);
    private final Random random = new Random(7);
    /** The mechanisms that the hello speaks of, those that the server names, and what follows. */
    private final List<String> words = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = FerretDb.withLogin();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private MongoLogin login(MongoCredential credential, List<MongoMechanism> mechanisms) {
        return new MongoLogin(mechanisms, credential, () -> ScramHash.nonce(random));
    }

    /** @return how it ended */
    private AuthStep run(MongoLogin login, boolean byQuery) {
        Buffer hello = BsonOut.document(out -> {
            out.writeInt32("isMaster", 1);
            out.writeBoolean("helloOk", true);
            login.writeTo(out);
            if (!byQuery) {
                out.writeString("$db", "admin");
            }
        });
        HelloReply reply = HelloReply.read(byQuery ? wire.query("admin.$cmd", hello) : wire.run(hello));
        words.addAll(reply.saslSupportedMechs());
        words.add(reply.speculativeAuthenticate() == null ? "unanswered" : "answered");
        AuthStep step = login.greeted(reply);
        while (true) {
            if (step instanceof DeriveKeys keys) {
                step = login.computed(keys.derivation().keys());
            } else if (step instanceof SendCommand send) {
                step = login.answered(asked(send.command()));
            } else {
                return step;
            }
        }
    }

    private Buffer asked(Buffer command) {
        words.add(Documents.parsed(command).getFirstKey());
        Buffer reply = wire.run(command);
        BsonBounds.check(reply);
        BsonDocument said = Documents.parsed(reply);
        words.add(said.containsKey("done") ? "done=" + said.getBoolean("done").getValue() : said.getFirstKey());
        return reply;
    }

    /** The greeting by OP_MSG is ours: it leaves the speculative beginning unanswered, and an empty exchange is at the end. */
    @ParameterizedTest
    @CsvSource({
        "SHA_1, false, unanswered saslStart done=false saslContinue done=false saslContinue done=true",
        "SHA_256, false, unanswered saslStart done=false saslContinue done=false saslContinue done=true",
        "SHA_1, true, answered saslContinue done=false saslContinue done=true",
        "SHA_256, true, answered saslContinue done=false saslContinue done=true",
    })
    void named(ScramHash hash, boolean byQuery, String said) {
        assertEquals(13, wire.run(FIND).getInt32("code").getValue());
        assertInstanceOf(Authenticated.class, run(login(USER, List.of(MongoMechanism.scram(hash))), byQuery));
        assertEquals(said, String.join(" ", words));
        assertEquals(1, wire.run(FIND).getNumber("ok").intValue());
    }

    /** The user has the mechanisms that it was given. */
    @ParameterizedTest
    @CsvSource({"SHA_1", "SHA_256"})
    void negotiated(ScramHash hash) {
        MongoCredential one = new MongoCredential("only" + hash, "canary-7f3a-one", "db");
        create(one, List.of(hash));
        assertInstanceOf(Authenticated.class, run(login(one, MongoMechanism.negotiated()), false));
        assertEquals(hash.mechanism(), words.get(0));
        assertEquals(1, wire.run(FIND).getNumber("ok").intValue());
    }

    @Test
    void bothAreNegotiated() {
        assertInstanceOf(Authenticated.class, run(login(USER, MongoMechanism.negotiated()), false));
        assertEquals(
                List.of("SCRAM-SHA-1", "SCRAM-SHA-256"),
                words.subList(0, 2).stream().sorted().toList());
    }

    /** A password that is prepared first, by SHA-256 only; a name that would have to be, if it were not MongoDB's. */
    @ParameterizedTest
    @CsvSource({
        "SHA_1, '\u2168', 'canary-7f3a,=:%'",
        "SHA_256, '\u2168', 'canary-7f3a,=:%'",
        "SHA_1, prepared, 'canary-7f3a \u2168\u00a0x'",
        "SHA_256, prepared, 'canary-7f3a \u2168\u00a0x'",
    })
    void oddNames(ScramHash hash, String user, String password) {
        MongoCredential odd = new MongoCredential(user + hash, password, "db");
        create(odd, List.of(hash));
        assertInstanceOf(Authenticated.class, run(login(odd, List.of(MongoMechanism.scram(hash))), false));
    }

    /** FerretDB looks for the user by the name as SCRAM writes it, so that we see how we do. */
    @Test
    void namesAreEscaped() {
        create(new MongoCredential("a=3Db=2Cc", "canary-7f3a-comma", "db"), List.of(ScramHash.SHA_256));
        MongoLogin login = login(
                new MongoCredential("a=b,c", "canary-7f3a-comma", "db"),
                List.of(MongoMechanism.scram(ScramHash.SHA_256)));
        assertInstanceOf(Authenticated.class, run(login, false));
    }

    @ParameterizedTest
    @CsvSource({
        "SHA_1, ferret, canary-7f3a-wrong, users",
        "SHA_256, ferret, canary-7f3a-wrong, users",
        "SHA_256, nobody, canary-7f3a-ferretdb, users",
        "SHA_256, ferret, canary-7f3a-ferretdb, admin",
    })
    void refused(ScramHash hash, String user, String password, String source) {
        MongoCredential wrong = new MongoCredential(user, password, source);
        AuthRefused refused =
                assertInstanceOf(AuthRefused.class, run(login(wrong, List.of(MongoMechanism.scram(hash))), false));
        assertEquals(18, refused.serverCode());
        assertFalse(refused.reason().contains("canary"), refused::reason);
        assertEquals(13, wire.run(FIND).getInt32("code").getValue());
    }

    private static void create(MongoCredential user, List<ScramHash> hashes) {
        BsonDocument create = new BsonDocument("createUser", new BsonString(user.user()))
                .append("pwd", new BsonString(user.password()))
                .append("roles", new BsonArray())
                .append(
                        "mechanisms",
                        BsonArray.parse(hashes.stream()
                                .map(each -> "'" + each.mechanism() + "'")
                                .toList()
                                .toString()))
                .append("$db", new BsonString(user.source()));
        FerretLoginIT other = new FerretLoginIT();
        assertInstanceOf(Authenticated.class, other.run(other.login(USER, MongoMechanism.negotiated()), false));
        BsonDocument created = Documents.parsed(other.wire.run(Documents.bson(create)));
        other.close();
        assertEquals(1, created.getNumber("ok").intValue(), created::toJson);
    }
}
