package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.client.LoginFaults.Fault;
import dev.polywire.mongodb.client.LoginStage.Answer;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.Compressor;
import dev.polywire.mongodb.wire.Compressors;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.MongoMechanism;
import dev.polywire.mongodb.wire.OpCompressed;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.OpReply;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that get a login wrong: nobody is let in, nothing but the login was sent, and the next attempt succeeds. */
class MongoLoginFaultsTest {

    private static final Set<String> OF_LOGIN = Set.of("hello", "saslStart", "saslContinue", "authenticate");
    private static final List<String> STEPS = List.of("hello", "saslStart", "saslContinue");

    private final LoginStage stage = new LoginStage();

    @AfterEach
    void close() {
        stage.close();
    }

    static Stream<Arguments> faults() {
        return LoginFaults.all()
                .flatMap(fault -> Stream.of(ScramHash.values())
                        .flatMap(hash -> Stream.of(true, false).map(begun -> Arguments.of(fault, hash, begun))));
    }

    /** @param begun whether the server answers what is begun in the hello */
    @Tag("M40")
    @ParameterizedTest
    @MethodSource("faults")
    void withinScram(Fault fault, ScramHash hash, boolean begun) {
        stage.knows(new Manner(true, begun, 4_096), LoginStage.USER, LoginStage.BOTH);
        String step = !fault.first() ? "saslContinue" : begun ? "hello" : "saslStart";
        stage.answers = Map.of(step, (peer, request, honest) -> peer.reply(request, fault.in(honest)));
        fails(LoginStage.options(hash), "UNAUTHENTICATED", hash.mechanism() + ": " + fault.said());
        succeeds(LoginStage.options(hash));
    }

    /** @param step whose answer is wrong @param answer instead of it */
    record Row(String name, String step, Answer answer, String word, String said) {
        @Override
        public String toString() {
            return name + " to " + step;
        }
    }

    static Stream<Row> rows() {
        return Stream.concat(
                STEPS.stream().flatMap(MongoLoginFaultsTest::ofEachStep),
                Stream.of(
                        new Row(
                                "refusal with the user's name",
                                "hello",
                                (peer, request, honest) -> peer.reply(
                                        request,
                                        Documents.bson("{ok: 0, code: 18, errmsg: 'no " + Canary.of("mongo-user")
                                                + "', codeName: '" + Canary.SONG + "'}")),
                                "UNAVAILABLE",
                                "refused the handshake: code 18 (AuthenticationFailed)"),
                        refusal(
                                "saslStart",
                                "{ok: 0, code: 11, errmsg: '" + Canary.SONG + "'}",
                                "code 11 (UserNotFound)"),
                        refusal("saslStart", "{code: 18}", "code 18 (AuthenticationFailed)"),
                        refusal("saslContinue", "{ok: 0, code: 18}", "code 18 (AuthenticationFailed)"),
                        new Row(
                                "another answer while keys are computed",
                                "saslStart",
                                (peer, request, honest) ->
                                        twice(peer, request.header().requestId(), honest),
                                "FRAMING",
                                "(expected: no message)"),
                        new Row(
                                "the answer again",
                                "hello",
                                (peer, request, honest) ->
                                        twice(peer, request.header().requestId(), honest),
                                "FRAMING",
                                "responseTo: 1 (expected: 2)"),
                        new Row(
                                "a greatest message that the next does not fit into",
                                "hello",
                                (peer, request, honest) -> peer.reply(
                                        request, LoginStage.both(Documents.bson("{maxMessageSizeBytes: 100}"), honest)),
                                "LIMIT",
                                "(expected: <= 100)")));
    }

    private static Row refusal(String step, String reply, String said) {
        return new Row(
                "refusal",
                step,
                (peer, request, honest) -> peer.reply(request, Documents.bson(reply)),
                "UNAUTHENTICATED",
                "SCRAM-SHA-256: refused by the server, " + said);
    }

    private static Stream<Row> ofEachStep(String step) {
        int id = STEPS.indexOf(step) + 1;
        Compressor zlib = Compressors.named("zlib", -1);
        return Stream.of(
                new Row(
                        "another's answer",
                        step,
                        (peer, request, honest) -> peer.send(99, new OpMsg(honest)),
                        "FRAMING",
                        "responseTo: 99 (expected: " + id + ")"),
                new Row(
                        "OP_REPLY",
                        step,
                        (peer, request, honest) ->
                                peer.send(id, new OpReply(OpReply.AWAIT_CAPABLE, 0, 0, List.of(honest))),
                        "FRAMING",
                        "opCode: 1 (expected: 2013)"),
                new Row(
                        "more to come",
                        step,
                        (peer, request, honest) -> peer.send(id, new OpMsg(OpMsg.MORE_TO_COME, honest, List.of())),
                        "FRAMING",
                        "moreToCome (expected: not, as exhaust was not allowed)"),
                new Row(
                        "M39 compressed, unasked",
                        step,
                        (peer, request, honest) ->
                                peer.raw(OpCompressed.of(new OpMsg(honest).write(7, id, 10_000), zlib)
                                        .write(7, id, 10_000)),
                        "FRAMING",
                        "compressorId: 2 (expected: one of [], which were negotiated)"),
                new Row(
                        "a bad document",
                        step,
                        (peer, request, honest) -> peer.raw(Documents.reply(Vectors.bytes("0900000008610002 00"))
                                .setIntLE(8, id)),
                        "FRAMING",
                        "boolean: 2"),
                new Row(
                        "the end",
                        step,
                        (peer, request, honest) -> peer.close(),
                        "CONNECTION_LOST",
                        step.equals("hello")
                                ? "(is it a port for TLS?); it was greeted by OP_MSG, which servers before MongoDB 3.6"
                                : "closed by the peer"),
                new Row(
                        "half an answer and the end",
                        step,
                        (peer, request, honest) -> {
                            peer.raw(new OpMsg(honest).write(7, id, 10_000).getBuffer(0, 40));
                            peer.close();
                        },
                        "UNAVAILABLE",
                        "truncated"));
    }

    private static void twice(ScriptedPeer peer, int responseTo, Buffer honest) {
        Buffer one = new OpMsg(honest).write(7, responseTo, 10_000);
        peer.raw(one.copy().appendBuffer(one));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void outsideOfScram(Row row) {
        stage.knows(new Manner(true, false, 4_096), LoginStage.USER, LoginStage.BOTH);
        stage.answers = Map.of(row.step(), row.answer());
        MongoClientOptions options = LoginStage.options(ScramHash.SHA_256);
        fails(options, row.word(), row.said());
        succeeds(options);
    }

    /** Whether the login is to blame, or the server, which may let us in later. */
    @ParameterizedTest
    @CsvSource({
        "code: 2, UNAUTHENTICATED, code 2 (BadValue)",
        "code: 11, UNAUTHENTICATED, code 11 (UserNotFound)",
        "code: 13, UNAUTHENTICATED, code 13 (Unauthorized)",
        "code: 17, UNAUTHENTICATED, code 17 (ProtocolError)",
        "code: 18, UNAUTHENTICATED, code 18 (AuthenticationFailed)",
        "code: 59, UNAUTHENTICATED, code 59 (CommandNotFound)",
        "code: 334, UNAUTHENTICATED, code 334 (MechanismUnavailable)",
        "code: 8000, UNAUTHENTICATED, code 8000 (AtlasError)",
        "code: 91, UNAVAILABLE, code 91 (ShutdownInProgress)",
        "code: 189, UNAVAILABLE, code 189 (PrimarySteppedDown)",
        "code: 462, UNAVAILABLE, code 462 (unknown)",
        "code: 10107, UNAVAILABLE, code 10107 (NotWritablePrimary)",
        "code: 11600, UNAVAILABLE, code 11600 (InterruptedAtShutdown)",
        "code: 13436, UNAVAILABLE, code 13436 (NotPrimaryOrSecondary)",
        "more: 1, UNAVAILABLE, code 0 (unknown)"
    })
    void whoIsToBlame(String code, String word, String said) {
        Answer refusal = (peer, request, honest) -> peer.reply(request, Documents.bson("{ok: 0, " + code + "}"));
        stage.knows(new Manner(true, false, 4_096), LoginStage.USER, LoginStage.BOTH);
        MongoClientOptions options = LoginStage.options(ScramHash.SHA_256);
        for (String step : List.of("saslStart", "saslContinue")) {
            stage.answers = Map.of(step, refusal);
            fails(options, word, "SCRAM-SHA-256: refused by the server, " + said);
        }
        succeeds(options);
    }

    /** A stop between the steps is noticed in time, wherever it is. */
    @ParameterizedTest
    @CsvSource({"hello, handshake: no answer", "saslStart, login: no end", "saslContinue, login: no end"})
    void stops(String step, String said) {
        stage.knows(new Manner(true, false, 4_096), LoginStage.USER, LoginStage.BOTH);
        stage.answers = Map.of(step, (peer, request, honest) -> {});
        List<MongoMechanism> scram = List.of(MongoMechanism.scram(ScramHash.SHA_1));
        fails(LoginStage.options(scram, LoginStage.USER, 500), "UNAVAILABLE", said);
        succeeds(LoginStage.options(ScramHash.SHA_1));
    }

    /** What is computed for a message that does not fit is the connection's end, though no event of the server's led to it. */
    @Test
    void theProofDoesNotFit() {
        String usual = stage.hello;
        stage.hello = usual + ", maxMessageSizeBytes: 100";
        fails(LoginStage.options(ScramHash.SHA_256), "LIMIT", "(expected: <= ");
        stage.hello = usual;
        succeeds(LoginStage.options(ScramHash.SHA_256));
    }

    /** By the specification the last of ours is tried when the server names none of them. */
    @ParameterizedTest
    @CsvSource({"[], SCRAM-SHA-1", "['PLAIN'], SCRAM-SHA-1", "['SCRAM-SHA-512'], SCRAM-SHA-1"})
    void noneOfOurMechanisms(String theirs, String tried) {
        stage.knows(new Manner(true, false, 4_096), LoginStage.USER, List.of());
        stage.answers = Map.of(
                "hello",
                (peer, request, honest) -> peer.reply(
                        request, LoginStage.both(Documents.bson("{saslSupportedMechs: " + theirs + "}"), honest)));
        fails(
                LoginStage.options(MongoMechanism.negotiated(), LoginStage.USER),
                "UNAUTHENTICATED",
                tried + ": refused by the server, code 18");
    }

    /** A certificate's login is not done by what SCRAM's is, nor by a refusal. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{conversationId: 1, done: false, payload: {$binary: {base64: '', subType: '00'}}} | an answer of another",
                "{ok: 0, code: 18} | refused by the server, code 18 (AuthenticationFailed)"
            })
    void speculativeCertificate(String answer, String said) {
        MongoCredential certified = new MongoCredential(null, null, MongoCredential.EXTERNAL);
        stage.answers = Map.of(
                "hello",
                (peer, request, honest) -> peer.reply(
                        request, LoginStage.both(Documents.bson("{speculativeAuthenticate: " + answer + "}"), honest)));
        fails(
                LoginStage.options(List.of(MongoMechanism.x509()), certified),
                "UNAUTHENTICATED",
                "MONGODB-X509: " + said);
    }

    private void fails(MongoClientOptions options, String word, String said) {
        Throwable failure = Outcome.failure(stage.connecting(options));
        assertEquals(word, LoginStage.word(failure), failure::toString);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(cause.toString().contains(Canary.SONG), cause::toString);
        }
        assertTrue(failure.getMessage().contains(said), failure::getMessage);
        assertTrue(OF_LOGIN.containsAll(stage.strangers), stage.strangers::toString);
    }

    private void succeeds(MongoClientOptions options) {
        stage.answers = Map.of();
        MongoConnection connection = Outcome.value(stage.connecting(options));
        assertEquals(Documents.OK, Outcome.value(stage.ping(connection)));
    }
}
