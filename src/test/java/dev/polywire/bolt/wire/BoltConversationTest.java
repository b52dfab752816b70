package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest.Begin;
import dev.polywire.bolt.wire.BoltRequest.Commit;
import dev.polywire.bolt.wire.BoltRequest.Discard;
import dev.polywire.bolt.wire.BoltRequest.Pull;
import dev.polywire.bolt.wire.BoltRequest.Reset;
import dev.polywire.bolt.wire.BoltRequest.Rollback;
import dev.polywire.bolt.wire.BoltRequest.Run;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client and our server talk, in every version. */
class BoltConversationTest {

    private static final Begin BEGIN = new Begin(TransactionOptions.DEFAULT);

    static List<BoltVersion> versions() {
        return BoltVersion.ALL;
    }

    static Stream<BoltVersion> withTransactions() {
        return versions().stream().filter(BoltVersion::hasTransactions);
    }

    static Stream<BoltVersion> withDemand() {
        return versions().stream().filter(BoltVersion::hasDemand);
    }

    static Stream<BoltVersion> withLogon() {
        return versions().stream().filter(BoltVersion::hasLogon);
    }

    static Run run(String query) {
        return new Run(query, map(), TransactionOptions.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b2HandshakeAndGreeting(BoltVersion version) {
        Conversation conversation = new Conversation(version).start();
        BoltServerEvent.Request greeting = conversation.request();
        AuthToken token;
        if (greeting.request() instanceof BoltRequest.Init init) {
            token = init.auth();
        } else {
            token = assertInstanceOf(BoltRequest.Hello.class, greeting.request())
                    .auth();
        }
        conversation.server.success(greeting.number(), map());
        conversation.move();
        if (version.hasLogon()) {
            assertEquals("", token.scheme());
            BoltServerEvent.Request logon = conversation.request();
            token = assertInstanceOf(BoltRequest.Logon.class, logon.request()).auth();
            conversation.server.success(logon.number(), map());
            conversation.move();
        }
        assertEquals(Conversation.ALICE, token);
        BoltServerInfo info = ((BoltEvent.Ready) conversation.heard.get(0)).server();
        assertEquals(version, info.version());
        assertEquals("Neo4j/test", info.agent());
        assertEquals(version.hasTransactions() ? "c1" : "", info.connectionId());
        assertEquals(version.hasGqlStatus(), info.metadata().containsKey("protocol_version"));
        assertEquals(
                version.hasUtcPatch() || version.hasElementIds(), info.dialect().utcDates());
        assertEquals(BoltState.READY, conversation.client.state());
        assertEquals(BoltState.READY, conversation.server.state());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b2RunAndPull(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(run("hello world"), Pull.ALL);
        assertEquals("1 Success, 2 [hello world], 2 Success", conversation.heard());
        assertEquals(0, conversation.client.pendingRequests());
        assertEquals(BoltState.READY, conversation.client.state());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b2PipelineInOrder(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true);
        for (String query : List.of("one", "two", "three")) {
            conversation.client.send(run(query), 0);
            conversation.client.send(Pull.ALL, 0);
        }
        assertEquals(
                "1 Success, 2 [one], 2 Success, 3 Success, 4 [two], 4 Success, 5 Success, 6 [three], 6 Success",
                conversation.move().heard());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b2FailThenReset(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(run("fail"), Pull.ALL);
        assertEquals("1 Failure, 2 Ignored", conversation.heard());
        assertEquals(BoltState.FAILED, conversation.client.state());
        assertThrows(IllegalStateException.class, () -> conversation.client.send(run("more"), 0));
        assertEquals("3 Success", conversation.send(new Reset()).heard());
        assertEquals(
                "4 Success, 5 [again], 5 Success",
                conversation.send(run("again"), Pull.ALL).heard());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b2FailThenAckFailure(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(run("fail"), Pull.ALL);
        conversation.heard();
        if (!version.hasAckFailure()) {
            assertThrows(IllegalStateException.class, () -> conversation.client.send(new BoltRequest.AckFailure(), 0));
            return;
        }
        assertEquals(
                "3 Success", conversation.send(new BoltRequest.AckFailure()).heard());
        assertEquals(
                "4 Success, 5 [again], 5 Success",
                conversation.send(run("again"), Pull.ALL).heard());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect11FailureInsideAPipeline(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true);
        for (String query : List.of("one", "fail", "three")) {
            conversation.client.send(run(query), 0);
            conversation.client.send(Pull.ALL, 0);
        }
        assertEquals(
                "1 Success, 2 [one], 2 Success, 3 Failure, 4 Ignored, 5 Ignored, 6 Ignored",
                conversation.move().heard());
        assertEquals(0, conversation.client.pendingRequests());
        conversation.send(new Reset());
        assertEquals(
                "7 Success, 8 Success, 9 [x], 9 Success",
                conversation.send(run("x"), Pull.ALL).heard());
    }

    /** What is asked behind the way out goes on, whatever comes back ignored meanwhile. */
    @ParameterizedTest
    @MethodSource("versions")
    void mendedWhileOthersAreIgnored(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true);
        for (String query : List.of("fail", "ignored")) {
            conversation.client.send(run(query), 0);
            conversation.client.send(Pull.ALL, 0);
        }
        conversation.server.receive(conversation.client.takeOutput(), 0);
        conversation.answerAll();
        Buffer answers = conversation.server.takeOutput();
        // The first of the four, byte by byte until it is there.
        BoltEvent first = null;
        for (int at = 0; first == null; at++) {
            conversation.client.receive(answers.slice(at, at + 1), 0);
            first = conversation.client.nextEvent();
            if (first != null) {
                conversation.client.send(version.hasAckFailure() ? new BoltRequest.AckFailure() : new Reset(), 0);
                conversation.client.receive(answers.slice(at + 1, answers.length()), 0);
            }
        }
        for (int ignored = 0; ignored < 3; ignored++) {
            conversation.client.nextEvent();
            assertEquals(BoltState.READY, conversation.client.stateAhead());
        }
        assertEquals(
                "5 Success, 6 Success, 7 [x], 7 Success",
                conversation.send(run("x"), Pull.ALL).heard());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect9DiscardIsAnswered(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(run("rows"), Discard.ALL);
        assertEquals("1 Success, 2 Success", conversation.heard());
    }

    /** The seed's server answers RUN only when PULL_ALL is there. */
    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect8RunIsAnsweredByItself(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(run("alone"));
        BoltEvent.Answer answer = (BoltEvent.Answer) conversation.heard.get(0);
        assertEquals(List.of("text"), ((BoltResponse.Success) answer.response()).fields());
        assertEquals(BoltState.STREAMING, conversation.client.state());
    }

    @ParameterizedTest
    @MethodSource("withTransactions")
    void transaction(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(BEGIN, run("a"), Pull.ALL);
        assertEquals("1 Success, 2 Success, 3 [a], 3 Success", conversation.heard());
        assertEquals(BoltState.TX_READY, conversation.client.state());
        assertEquals(
                "4 Success, 5 [b], 5 Success, 6 Success",
                conversation.send(run("b"), Pull.ALL, new Commit()).heard());
        assertEquals(BoltState.READY, conversation.server.state());
        assertEquals(
                "7 Success, 8 Success", conversation.send(BEGIN, new Rollback()).heard());
    }

    @ParameterizedTest
    @MethodSource("withDemand")
    void b3Defect15RowsAsTheyAreAskedFor(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).send(run("rows"));
        BoltServerMachine server = conversation.server;
        server.success(conversation.request().number(), map("fields", List.of("n")));
        conversation.move().send(new Pull(2, -1));
        long pull = conversation.request().number();
        server.record(pull, List.of(1));
        server.record(pull, List.of(2));
        assertThrows(IllegalStateException.class, () -> server.record(pull, List.of(3)));
        server.success(pull, map("has_more", true));
        assertEquals("1 Success, 2 [1], 2 [2], 2 Success", conversation.move().heard());
        assertEquals(BoltState.STREAMING, conversation.client.state());
        conversation.send(new Discard(5, -1));
        server.success(conversation.request().number(), map("has_more", true));
        conversation.move().send(Discard.ALL);
        long last = conversation.request().number();
        assertThrows(IllegalArgumentException.class, () -> server.success(last, map("has_more", true)));
        server.success(last, map());
        assertEquals("3 Success, 4 Success", conversation.move().heard());
        assertEquals(BoltState.READY, conversation.client.state());
    }

    @ParameterizedTest
    @MethodSource("withDemand")
    void severalResultsOfATransaction(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(BEGIN, run("a"), run("b"));
        List<Long> qids = conversation.heard.stream()
                .skip(1)
                .map(event -> ((BoltResponse.Success) ((BoltEvent.Answer) event).response()).qid())
                .toList();
        assertEquals(List.of(0L, 1L), qids);
        conversation.echo(false).heard();
        conversation.send(new Pull(1, 0));
        BoltServerEvent.Request first = conversation.request();
        assertEquals(new Pull(1, 0), first.request());
        conversation.server.success(first.number(), map("has_more", true));
        conversation.move().send(Pull.ALL);
        BoltServerEvent.Request last = conversation.request();
        assertEquals(new Pull(-1, 1), last.request());
        conversation.server.success(last.number(), map());
        conversation.move();
        assertEquals(BoltState.TX_STREAMING, conversation.client.state());
        conversation.send(new Discard(-1, 0));
        conversation.server.success(conversation.request().number(), map());
        conversation.move();
        assertEquals(BoltState.TX_READY, conversation.client.state());
        assertEquals(BoltState.TX_READY, conversation.server.state());
    }

    @ParameterizedTest
    @MethodSource("withLogon")
    void anotherUser(BoltVersion version) {
        Conversation conversation = Conversation.ready(version);
        AuthToken bob = AuthToken.bearer("token");
        conversation.send(new BoltRequest.Logoff(), new BoltRequest.Logon(bob));
        conversation.server.success(conversation.request().number(), map());
        conversation.move();
        assertEquals(BoltState.AUTHENTICATION, conversation.server.state());
        BoltServerEvent.Request logon = conversation.request();
        assertEquals(new BoltRequest.Logon(bob), logon.request());
        conversation.server.failure(
                logon.number(), new BoltResponse.Failure("Neo.ClientError.Security.Unauthorized", "no"));
        assertEquals("1 Success, 2 Failure", conversation.move().heard());
        assertEquals(BoltState.DEFUNCT, conversation.client.state());
        assertEquals(BoltState.DEFUNCT, conversation.server.state());
    }

    /** Who is not let in hears why, and asks no more. */
    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect13AuthenticationCanBeRefused(BoltVersion version) {
        Conversation conversation = new Conversation(version).start();
        if (version.hasLogon()) {
            conversation.server.success(conversation.request().number(), map());
            conversation.move();
        }
        conversation.server.failure(
                conversation.request().number(),
                new BoltResponse.Failure("Neo.ClientError.Security.Unauthorized", "no"));
        assertEquals("Refused", conversation.move().heard());
        assertEquals(BoltState.DEFUNCT, conversation.client.state());
        assertEquals(BoltState.DEFUNCT, conversation.server.state());
        assertThrows(IllegalStateException.class, () -> conversation.client.send(run("x"), 0));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void resetInterrupts(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).send(run("slow"), Pull.ALL);
        BoltServerEvent.Request slow = conversation.request();
        conversation.send(new Reset());
        assertEquals(new BoltServerEvent.Interrupted(slow.number()), conversation.asked.remove(0));
        assertEquals("1 Ignored, 2 Ignored", conversation.heard());
        assertEquals(BoltState.INTERRUPTED, conversation.server.state());
        assertFalse(conversation.server.success(slow.number(), map()));
        assertFalse(conversation.server.failure(slow.number(), new BoltResponse.Failure("a", "b")));
        BoltServerEvent.Request reset = conversation.request();
        assertEquals(new Reset(), reset.request());
        assertTrue(conversation.server.success(reset.number(), Map.of()));
        assertEquals("3 Success", conversation.move().heard());
        assertEquals(BoltState.READY, conversation.client.state());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void ofSeveralResetsTheLastCounts(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true).send(new Reset(), run("never"), new Reset());
        assertEquals("1 Ignored, 2 Ignored, 3 Success", conversation.heard());
        Conversation slow = Conversation.ready(version).send(new Reset());
        BoltServerEvent.Request first = slow.request();
        slow.send(new Reset());
        assertEquals(new BoltServerEvent.Interrupted(first.number()), slow.asked.remove(0));
        slow.server.success(slow.request().number(), map());
        assertEquals("1 Ignored, 2 Success", slow.move().heard());
    }

    @ParameterizedTest
    @MethodSource("withTransactions")
    void goodbye(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).send(run("slow"), new BoltRequest.Goodbye());
        assertEquals(BoltState.DEFUNCT, conversation.client.state());
        BoltServerEvent.Request slow = (BoltServerEvent.Request) conversation.asked.get(0);
        assertEquals(new BoltServerEvent.Goodbye(), conversation.asked.get(1));
        assertFalse(conversation.server.success(slow.number(), map()));
        assertEquals(0, conversation.server.outputBytes());
        assertEquals(BoltState.DEFUNCT, conversation.server.state());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void routeAndTelemetry(BoltVersion version) {
        Conversation conversation = Conversation.ready(version).echo(true);
        BoltRequest route = new BoltRequest.Route(map("address", "a:1"), List.of(), null, null);
        BoltRequest telemetry = new BoltRequest.Telemetry(2);
        for (BoltRequest request : List.of(route, telemetry)) {
            if (request.message().isIn(version)) {
                conversation.send(request);
                assertTrue(conversation.heard().endsWith("Success"));
            } else {
                assertThrows(IllegalStateException.class, () -> conversation.client.send(request, 0));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void valuesInTheFormOfTheConnection(BoltVersion version) {
        TemporalValue.DateTime dateTime = new TemporalValue.DateTime(3_600, 1, 7_200);
        Object time = version.atLeast(dateTime.since()) ? dateTime : "1970-01-01T03:00+02:00";
        GraphValue.Node node =
                new GraphValue.Node(1, List.of("L"), map("at", time), version.hasElementIds() ? "e" : "1");
        Conversation conversation = Conversation.ready(version).send(run("values"), Pull.ALL);
        conversation.server.success(conversation.request().number(), map());
        conversation.move();
        long pull = conversation.request().number();
        conversation.server.record(pull, List.of(node, time));
        conversation.move();
        BoltEvent.Record row = (BoltEvent.Record) conversation.heard.get(1);
        assertEquals(List.of(node, time), row.record().values());
        assertEquals(2, row.record().size());
        assertEquals(node, row.record().reader().structure());
        // As it came, to the next one.
        conversation.server.record(pull, row.record().copy());
        conversation.server.success(pull, map());
        conversation.move();
        assertEquals(
                row.record().raw(),
                ((BoltEvent.Record) conversation.heard.get(2)).record().raw());
    }
}
