package dev.polywire.mongodb.client;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.ClientMetadata;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.HazardousReplies;
import dev.polywire.mongodb.wire.HazardousReplies.Hazard;
import dev.polywire.mongodb.wire.HelloCommand;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The list of MongoDB's hazards, M01 to M44, and the place of the test of each: here, as the answer to the first of three
 * requests on a connection, whole and cut everywhere, and in a heap of 64 MB; or elsewhere.
 */
class MongoHazardsTest {

    private static final int HAZARDS = 44;
    private static final int CUTS_AT_ONCE = 32;
    private static final long PATIENCE_MILLIS = 30_000;

    /** Tests, tagged with its number, of each hazard, or of the part of it, that is no answer to a request. */
    private static final Map<String, List<String>> ELSEWHERE = Map.ofEntries(
            entry("M05", List.of("service.MongoHandshakeTest#maxMessageSize", "service.MongoHandshakeTest#failsFast")),
            entry("M16", List.of("service.MongoLossTest#lateAnswerIsNobodys")),
            entry("M36", List.of("wire.CompressorTest#snappysOwnLengthIsReadFirst")),
            entry(
                    "M38",
                    List.of("service.MongoAbuseTest#inASmallHeap", "service.ExtendedJsonTest#manyKeysInLinearTime")),
            entry("M39", List.of("wire.CompressionTest#offeredAndNotNegotiated")),
            entry("M40", List.of("client.MongoLoginFaultsTest#withinScram", "client.KeyDerivationTest#onAWorker")),
            entry("M41", List.of("client.LoginSecretsTest#login", "wire.MongoFrameTapTest#secretsAndTheirReplies")),
            entry(
                    "M42",
                    List.of("wire.ExhaustTest#nobodyHasAllowedIt", "wire.ExhaustTest#eachReplyAnswersTheOneBefore")),
            entry("M43", List.of("service.MongoCursorTest#foreignCursor")),
            entry("M44", List.of("service.ExtendedJsonTest#commandsAreNotMoreThanTheirs")));

    private final Vertx vertx = Vertx.vertx();
    private final Script script = new Script();
    private final int port = Outcome.value(new ScriptedMongo(
                    vertx, EndpointOptions.of("127.0.0.1", 0), List.of("noop", "snappy", "zlib"), 1_000_000, script)
            .listen());
    private final Dialer dialer = new Dialer(vertx, EndpointOptions.of("127.0.0.1", port), "mongodb", Spi.NONE);
    private final MongoClientOptions options = new MongoClientOptions(
                    4_000_000, new ClientMetadata("test", "1.0"), 1, PATIENCE_MILLIS)
            .withCompressors(HazardousReplies.OFFERED);

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Answers the first request with the hazard that it names, cut where it says, and all others at once. */
    private static final class Script implements ScriptedMongo.Script {

        private volatile Hazard hazard;

        @Override
        public void hello(ScriptedPeer peer, Request request) {
            peer.negotiate(HelloCommand.compression(request.command()));
            peer.reply(
                    request,
                    Documents.bson("{helloOk: true, maxWireVersion: 25, maxMessageSizeBytes: 2147483647, compression: "
                            + "['noop', 'snappy', 'zlib'], ok: 1.0}"));
        }

        @Override
        public void request(ScriptedPeer peer, Request request) {
            Buffer command = request.command();
            if (!BsonFields.firstName(command).equals("find")) {
                peer.reply(request, Documents.OK);
                return;
            }
            Buffer bytes = hazard.bytes().copy();
            // M16: nobody has made such a request.
            int off = hazard.outcome().equals("responseTo") ? 1_000 : 0;
            bytes.setIntLE(8, request.header().requestId() + off);
            int cut = Integer.parseInt(BsonFields.text(command, "cut"));
            (cut == 0 ? List.of(bytes) : Cuts.at(bytes, cut)).forEach(peer::raw);
        }
    }

    @Test
    void allHaveATest() throws ReflectiveOperationException {
        TreeSet<String> known = new TreeSet<>(ELSEWHERE.keySet());
        HazardousReplies.all().forEach(hazard -> known.add(hazard.hazard()));
        List<String> all = IntStream.rangeClosed(1, HAZARDS)
                .mapToObj(number -> String.format("M%02d", number))
                .toList();
        assertEquals(all, new ArrayList<>(known));
        for (Map.Entry<String, List<String>> each : ELSEWHERE.entrySet()) {
            for (String test : each.getValue()) {
                int at = test.indexOf('#');
                Class<?> holder = Class.forName("dev.polywire.mongodb." + test.substring(0, at));
                assertTrue(
                        Stream.of(holder.getDeclaredMethods())
                                .filter(method -> method.getName().equals(test.substring(at + 1)))
                                .anyMatch(method -> isTestOf(each.getKey(), method)),
                        () -> test + " (expected: a test with the tag " + each.getKey() + ")");
            }
        }
    }

    private static boolean isTestOf(String hazard, Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class)
                && AnnotationSupport.findRepeatableAnnotations(method, Tag.class).stream()
                        .anyMatch(tag -> tag.value().equals(hazard));
    }

    /** What the list may not name: a method that is no test, and a test of something else. */
    @Test
    void whatIsNoTestOfAHazard() throws ReflectiveOperationException {
        Method close = MongoHazardsTest.class.getDeclaredMethod("close");
        Method test = MongoHazardsTest.class.getDeclaredMethod("whatIsNoTestOfAHazard");
        assertFalse(isTestOf("M05", close));
        assertFalse(isTestOf("M05", test));
        Method tagged =
                Class.forName("dev.polywire.mongodb.service.MongoCursorTest").getDeclaredMethod("foreignCursor");
        assertTrue(isTestOf("M43", tagged));
        assertFalse(isTestOf("M42", tagged));
    }

    static Stream<Hazard> hazards() {
        return HazardousReplies.all().stream();
    }

    @ParameterizedTest
    @MethodSource("hazards")
    void outcome(Hazard hazard) {
        int bytes = hazard.bytes().length();
        play(hazard, bytes > 1_000 ? IntStream.of(0, 1, 16, 20, bytes - 1) : IntStream.range(0, bytes));
    }

    @Test
    void inASmallHeap() {
        assertTrue(SmallJvm.run(MongoHazardsTest.class).requireClean().output().contains("all played"));
    }

    /** Each of them whole, and cut in its length and in its number. */
    public static void main(String[] arguments) {
        MongoHazardsTest test = new MongoHazardsTest();
        hazards().forEach(hazard -> test.play(hazard, IntStream.of(0, 3, 15)));
        test.close();
        System.out.println("all played");
    }

    private void play(Hazard hazard, IntStream places) {
        script.hazard = hazard;
        List<Integer> cuts = places.boxed().toList();
        for (int from = 0; from < cuts.size(); from += CUTS_AT_ONCE) {
            List<Integer> now = cuts.subList(from, Math.min(cuts.size(), from + CUTS_AT_ONCE));
            List<Future<String>> played = now.stream().map(this::play).toList();
            for (int i = 0; i < played.size(); i++) {
                int cut = now.get(i);
                assertEquals(expected(hazard.outcome()), Outcome.value(played.get(i)), () -> hazard + " cut at " + cut);
            }
        }
    }

    /** Of a request that reads, one that writes, another that reads, and one on the same connection later. */
    private static String expected(String outcome) {
        return switch (outcome) {
            case "Reply" -> "answered answered answered answered";
            case "Undecodable" -> "DECODE answered answered answered";
            case "responseTo" -> "FRAMING UNKNOWN_OUTCOME CONNECTION_LOST closed";
            default -> outcome + " UNKNOWN_OUTCOME CONNECTION_LOST closed";
        };
    }

    private Future<String> play(int cut) {
        Promise<String> over = Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(now -> MongoConnection.connect(dialer, options, 8, LoginStage.keys())
                        .compose(connection -> {
                            List<Future<String>> words = new ArrayList<>();
                            words.add(ask(connection, "{find: 'c', cut: '" + cut + "', $db: 'd'}"));
                            words.add(ask(connection, "{insert: 'c', $db: 'd'}"));
                            words.add(ask(connection, "{count: 'c', $db: 'd'}"));
                            return Future.all(words).compose(all -> {
                                Future<String> later = connection.isClosed()
                                        ? Future.succeededFuture("closed")
                                        : ask(connection, "{ping: 1, $db: 'd'}");
                                return later.map(last -> {
                                    connection.close(CallException.lost("the test is over"));
                                    return String.join(" ", all.<String>list()) + " " + last;
                                });
                            });
                        })
                        .onComplete(over));
        return over.future();
    }

    private Future<String> ask(MongoConnection connection, String command) {
        MongoCall call = new MongoCall(Documents.bson(command), Deadline.after(vertx, PATIENCE_MILLIS));
        connection.send(call);
        return call.document().map("answered").otherwise(LoginStage::word);
    }
}
