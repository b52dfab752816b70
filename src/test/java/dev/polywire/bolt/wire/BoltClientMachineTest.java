package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest.Pull;
import dev.polywire.bolt.wire.BoltRequest.Reset;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The client's machine against a server that is nothing but bytes. */
class BoltClientMachineTest {

    private static final Vectors MESSAGES = Vectors.read("bolt-messages.txt");
    private static final String SUCCESS = "0003b170a00000";

    @ParameterizedTest
    @CsvSource({
        // what the greeting looks like: with auth of Conversation
        "1, b2 01 8474657374 a3",
        "3, b1 01 a4",
        "4.0, b1 01 a4",
        "4.3, b1 01 a5",
        "5.0, b1 01 a4",
        "5.1, b1 01 a1",
        "5.3, b1 01 a2",
        "6.1, b1 01 a2"
    })
    void greeting(String version, String hex) {
        BoltClientMachine client = machine(HandshakeTest.version(version), "test");
        client.start(0);
        client.takeOutput();
        client.receive(answerTo(HandshakeTest.version(version)), 0);
        assertNull(client.nextEvent());
        String sent = Vectors.hex(client.takeOutput());
        int from = HandshakeTest.version(version).hasGqlStatus() ? 5 : 0;
        assertEquals(
                hex.replace(" ", ""),
                sent.substring(2 * from + 4).substring(0, hex.replace(" ", "").length()));
    }

    @Test
    void greetingOf58InOneWrite() {
        BoltClientOptions options = new BoltClientOptions("conn/1.0", AuthToken.basic("neo4j", "password", null));
        BoltClientMachine client = new BoltClientMachine(options, FrameTap.NONE);
        client.start(0);
        client.takeOutput();
        client.receive(Vectors.read("bolt-handshake.txt").get("manifest_neo_s").bytes(), 0);
        client.nextEvent();
        String sent = Vectors.hex(client.takeOutput());
        assertTrue(sent.startsWith("0000000600"), sent);
        assertTrue(sent.endsWith(MESSAGES.get("logon_basic").hex()), sent);
    }

    static Stream<Object[]> hints() {
        return Stream.of(
                new Object[] {map("connection.recv_timeout_seconds", 120L, "telemetry.enabled", true), 120_000L, true},
                new Object[] {map("connection.recv_timeout_seconds", 0L), 0L, false},
                new Object[] {map("connection.recv_timeout_seconds", -1L), 0L, false},
                new Object[] {map("connection.recv_timeout_seconds", Long.MAX_VALUE), 86_400_000L, false},
                new Object[] {map("connection.recv_timeout_seconds", "120", "telemetry.enabled", 1L), 0L, false},
                new Object[] {List.of(), 0L, false},
                new Object[] {null, 0L, false});
    }

    @ParameterizedTest
    @MethodSource("hints")
    void hintsThatAreNoneAreNotHeard(Object hints, long timeoutMillis, boolean telemetry) {
        BoltServerInfo server = BoltServerInfo.of(BoltVersion.V5_4, map("hints", hints));
        assertEquals(timeoutMillis, server.receiveTimeoutMillis());
        assertEquals(telemetry, server.wantsTelemetry());
    }

    /** Armed only while an answer is due; every byte counts, and so does a NOOP. */
    @Test
    void receiveTimeout() {
        BoltClientMachine client =
                ready(BoltVersion.V4_4, MESSAGES.get("succ_hello_v43").bytes());
        assertEquals(Long.MAX_VALUE, client.deadlineMillis());
        client.tick(1_000_000);
        client.send(run("slow"), 2_000_000);
        assertEquals(2_120_000, client.deadlineMillis());
        client.receive(Vectors.bytes("0000"), 2_100_000);
        assertNull(client.nextEvent());
        assertEquals(2_220_000, client.deadlineMillis());
        client.send(Pull.ALL, 2_200_000);
        assertEquals(2_220_000, client.deadlineMillis());
        client.tick(2_219_999);
        ProtocolException silent = assertThrows(ProtocolException.class, () -> client.tick(2_220_000));
        assertEquals(Kind.SILENCE, silent.kind());
        assertEquals("server: silent (expected: a sign at least each 120000 ms, as it said)", silent.getMessage());
        assertEquals(BoltState.DEFUNCT, client.state());
        assertEquals(Long.MAX_VALUE, client.deadlineMillis());
    }

    @Test
    void withUtcPatch() {
        BoltClientMachine client =
                ready(BoltVersion.V4_3, MESSAGES.get("succ_hello_v43").bytes());
        client.takeOutput();
        client.send(
                new BoltRequest.Run("q", map("t", new TemporalValue.DateTime(0, 0, 3600)), TransactionOptions.DEFAULT),
                0);
        assertTrue(Vectors.hex(client.takeOutput()).contains("b3490000c90e10"));
    }

    @Test
    void handshakeTimeout() {
        BoltClientMachine client = machine(BoltVersion.V1, "test");
        assertEquals(Long.MAX_VALUE, client.deadlineMillis());
        client.start(100);
        assertEquals(10_100, client.deadlineMillis());
        client.receive(Vectors.bytes("00000001"), 9_000);
        client.nextEvent();
        assertEquals(10_100, client.deadlineMillis());
        ProtocolException late = assertThrows(ProtocolException.class, () -> client.tick(10_100));
        assertEquals("handshake: no answer (expected: within 10000 ms)", late.getMessage());
        client.tick(20_000);
        client.receive(Vectors.bytes(SUCCESS), 20_000);
        assertNull(client.nextEvent());
    }

    @Test
    void beforeReadyNothingIsSent() {
        BoltClientMachine client = machine(BoltVersion.V1, "test");
        assertThrows(IllegalStateException.class, () -> client.send(run("x"), 0));
        client.start(0);
        assertThrows(IllegalStateException.class, () -> client.start(0));
        assertThrows(IllegalStateException.class, () -> client.send(run("x"), 0));
        client.receive(Vectors.bytes("00000001"), 0);
        client.nextEvent();
        assertThrows(IllegalStateException.class, () -> client.send(run("x"), 0));
    }

    @Test
    void aRowThatCannotBeReadIsNotTheEnd() {
        BoltClientMachine client = ready(BoltVersion.V1, Vectors.bytes(SUCCESS));
        client.send(run("x"), 0);
        client.send(Pull.ALL, 0);
        String rows =
                "0004b1719101" + "0000" + "0004b1719191" + "0000" + "0005b17191b17a" + "0000" + "0004b1719102" + "0000";
        client.receive(Vectors.bytes(SUCCESS + rows + SUCCESS), 0);
        List<String> events = events(client).stream()
                .map(event -> event.getClass().getSimpleName())
                .toList();
        assertEquals(List.of("Answer", "Record", "Undecodable", "Undecodable", "Record", "Answer"), events);
        assertEquals(BoltState.READY, client.state());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "an answer nobody asked for | '' | 0003b170a00000 | message: not asked for (expected: none)",
                "a row nobody asked for | '' | 0004b17191010000 | message: not asked for (expected: none)",
                "a row for RUN | RUN | 0004b17191010000 | RECORD: for RUN in state READY (expected: for PULL)",
                "a row before RUN's answer | RUN PULL | 0004b17191010000 | RECORD: for RUN in state READY (expected: for PULL)",
                "IGNORED without a failure | RUN | 0002b07e0000 | Ignored: for RUN in state READY (expected: another)",
                "SUCCESS behind a failure | RUN PULL | 0003b17fa000000003b170a00000 | Success: for PULL in state FAILED (expected: another)",
                "a row behind a failure | RUN PULL | 0003b17fa000000004b17191010000 | RECORD: for PULL in state FAILED (expected: for PULL)",
                "a request | RUN | 0003b101a00000 | response: message: 01 (expected: a response)",
                "no structure | RUN | 000101 0000 | response: value: INTEGER (expected: STRUCTURE)",
                "metadata that is none | RUN | 0003b170010000 | response: value: INTEGER (expected: MAP)",
                "more behind it | RUN | 0004b170a0010000 | response: message: 1 bytes behind its end (expected: 0)",
                "has_more that is none | RUN | 000db170a1886861735f6d6f7265010000 | response: has_more: Long (expected: Boolean)",
                "FAILURE to a RESET, and more | RESET RUN | 0003b17fa000000003b170a00000 | ''"
            })
    void whatBreaksTheConversation(String name, String sent, String hex, String message) {
        BoltClientMachine client = ready(BoltVersion.V1, Vectors.bytes(SUCCESS));
        for (String request : sent.isEmpty() ? new String[0] : sent.split(" ")) {
            client.send(BoltStatesTest.request(BoltMessage.valueOf(request)), 0);
        }
        client.receive(Vectors.bytes(hex), 0);
        if (message.isEmpty()) {
            events(client);
        } else {
            ProtocolException bad = assertThrows(ProtocolException.class, () -> events(client));
            assertEquals(Kind.FRAMING, bad.kind());
            assertEquals(message, bad.getMessage());
        }
        assertEquals(BoltState.DEFUNCT, client.state());
        client.receive(Vectors.bytes(SUCCESS), 0);
        assertNull(client.nextEvent());
        assertThrows(IllegalStateException.class, () -> client.send(run("x"), 0));
    }

    /** The seed's server closes when a query throws; what was asked has no answer then. */
    @Test
    void b3Defect12ClosedByThePeer() {
        BoltClientMachine client = ready(BoltVersion.V1, Vectors.bytes(SUCCESS));
        client.send(run("x"), 0);
        client.send(Pull.ALL, 0);
        client.receive(Vectors.bytes(SUCCESS), 0);
        client.peerClosed(0);
        assertEquals(1, events(client).size());
        assertEquals(BoltState.DEFUNCT, client.state());
        assertEquals(1, client.pendingRequests());
    }

    @Test
    void closedInTheMiddle() {
        BoltClientMachine client = ready(BoltVersion.V1, Vectors.bytes(SUCCESS));
        client.receive(Vectors.bytes("0003b1"), 0);
        client.peerClosed(0);
        ProtocolException cut = assertThrows(ProtocolException.class, client::nextEvent);
        assertEquals("message: truncated by the peer, 1 bytes of it are here", cut.getMessage());
    }

    @Test
    void whatCannotBeSentLeavesNothing() {
        BoltClientMachine client = ready(BoltVersion.V3, Vectors.bytes(SUCCESS));
        client.takeOutput();
        TransactionOptions elsewhere = TransactionOptions.where("db", null);
        assertThrows(ProtocolException.class, () -> client.send(new BoltRequest.Run("q", map(), elsewhere), 0));
        assertThrows(
                ProtocolException.class,
                () -> client.send(new BoltRequest.Run("q", Map.of("o", new Object()), TransactionOptions.DEFAULT), 0));
        assertEquals(0, client.outputBytes());
        assertEquals(0, client.pendingRequests());
        assertEquals(1, client.send(run("x"), 0));
    }

    /** An answer that was under way when the RESET was sent counts; what comes to nothing may be IGNORED in any state. */
    @Test
    void aResetIsOnItsWay() {
        BoltClientMachine client = ready(BoltVersion.V4_0, Vectors.bytes(SUCCESS));
        client.send(run("x"), 0);
        client.send(new Pull(1, -1), 0);
        client.send(new Reset(), 0);
        assertEquals(4, client.send(run("y"), 0));
        client.receive(Vectors.bytes(SUCCESS + "0002b07e0000" + SUCCESS + SUCCESS), 0);
        assertEquals(4, events(client).size());
        assertEquals(BoltState.STREAMING, client.state());
    }

    @Test
    void seedServerAsObserved() {
        Vectors seen = Vectors.read("bolt1-seed-server-observed.txt");
        BoltClientMachine client = machine(BoltVersion.V1, "AsyncBolt/1.0");
        client.start(0);
        client.receive(seen.get("o02").bytes().appendBuffer(seen.get("o04").bytes()), 0);
        assertEquals(
                "AsyncBolt/1.0", ((BoltEvent.Ready) client.nextEvent()).server().agent());
        client.send(run("Hello world"), 0);
        client.send(Pull.ALL, 0);
        client.receive(
                seen.get("o06")
                        .bytes()
                        .appendBuffer(seen.get("o07").bytes())
                        .appendBuffer(seen.get("o08").bytes()),
                0);
        List<BoltEvent> events = events(client);
        BoltResponse.Success run = (BoltResponse.Success) ((BoltEvent.Answer) events.get(0)).response();
        assertEquals(List.of(), run.fields());
        assertEquals(
                List.of("Hello world"),
                ((BoltEvent.Record) events.get(1)).record().values());
        assertEquals(3, events.size());
    }

    static List<BoltEvent> events(BoltClientMachine client) {
        List<BoltEvent> events = new ArrayList<>();
        for (BoltEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
            events.add(event);
        }
        return events;
    }

    private static BoltClientMachine machine(BoltVersion version, String agent) {
        BoltClientOptions options = new BoltClientOptions(agent, Conversation.ALICE);
        return new BoltClientMachine(options.with(BoltOffer.of(List.of(version))), FrameTap.NONE);
    }

    private static Buffer answerTo(BoltVersion version) {
        return version.hasGqlStatus()
                ? Buffer.buffer()
                        .appendInt(0x1ff)
                        .appendByte((byte) 1)
                        .appendInt(version.wire())
                        .appendByte((byte) 0)
                : Buffer.buffer().appendInt(version.wire());
    }

    /** One whose greeting was answered by {@code hello}. */
    private static BoltClientMachine ready(BoltVersion version, Buffer hello) {
        BoltClientMachine client = machine(version, "test");
        client.start(0);
        client.receive(answerTo(version).appendBuffer(hello), 0);
        assertTrue(events(client).get(0) instanceof BoltEvent.Ready);
        client.takeOutput();
        return client;
    }
}
