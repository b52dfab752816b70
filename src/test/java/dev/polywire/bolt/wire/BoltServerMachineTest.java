package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static dev.polywire.bolt.wire.BoltStatesTest.written;
import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest.Pull;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ProtocolException.Kind;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's machine against a client that is nothing but bytes. */
class BoltServerMachineTest {

    private static final BoltVersion V1 = BoltVersion.V1;
    private static final Buffer HANDSHAKE = Vectors.bytes("6060b01700000001000000000000000000000000");
    private static final Buffer INIT = written(V1, new BoltRequest.Init("test", AuthToken.none()));

    private BoltServerMachine server = machine(0, 1_000);

    /** The seed wants exactly these 20 bytes in one read. */
    @Test
    void b3Defect7HandshakeInAnyPieces() {
        Buffer both = HANDSHAKE.copy().appendBuffer(INIT);
        Cuts.positions(both.length()).forEach(at -> {
            server = machine(0, 1_000);
            BoltServerEvent event = null;
            for (Buffer piece : Cuts.at(both, at)) {
                server.receive(piece, 0);
                event = server.nextEvent();
            }
            assertInstanceOf(BoltServerEvent.Request.class, event, "cut at " + at);
            assertEquals("00000001", Vectors.hex(server.takeOutput()));
        });
    }

    /** Old clients count one of the two fields of INIT, and Neo4j 3.5.35 counts none; a value too few or too many is none. */
    @ParameterizedTest
    @CsvSource({
        "b201, 8474657374 a186736368656d65846e6f6e65, true",
        "b101, 8474657374 a186736368656d65846e6f6e65, true",
        "b001, 8474657374 a186736368656d65846e6f6e65, false",
        "b301, 8474657374 a186736368656d65846e6f6e65, false",
        "b101, 8474657374, false",
        "b101, 8474657374 a186736368656d65846e6f6e65 01, false",
    })
    void anInitWithACountThatIsNotItsFields(String head, String fields, boolean taken) {
        Buffer message = Vectors.bytes(head + fields.replace(" ", ""));
        Buffer init = Buffer.buffer()
                .appendShort((short) message.length())
                .appendBuffer(message)
                .appendShort((short) 0);
        Buffer both = HANDSHAKE.copy().appendBuffer(init);
        Cuts.positions(both.length()).forEach(at -> {
            server = machine(0, 1_000);
            Cuts.at(both, at).forEach(piece -> server.receive(piece, 0));
            if (taken) {
                assertEquals(
                        new BoltRequest.Init("test", AuthToken.none()),
                        request().request());
            } else {
                assertThrows(ProtocolException.class, server::nextEvent);
            }
        });
    }

    /** The connection ends where it would otherwise be unknown what is wanted. */
    @ParameterizedTest
    @CsvSource({
        "notifications_minimum_severity, 5",
        "notifications_disabled_categories, WARNING",
        "notifications_disabled_classifications, 5",
    })
    void filtersOfHelloThatAreNone(String name, String value) {
        server = machine(0, 1_000);
        server.receive(Vectors.bytes("6060b01700000605000000000000000000000000"), 0);
        Object given = value.equals("5") ? (Object) 5L : value;
        Buffer hello = new PackStreamWriter(ValueDialect.of(BoltVersion.V5_6), 1_000)
                .structure(1, BoltMessage.HELLO.tag())
                .map(map(name, given))
                .take();
        server.receive(
                Buffer.buffer()
                        .appendShort((short) hello.length())
                        .appendBuffer(hello)
                        .appendShort((short) 0),
                0);
        ProtocolException bad = assertThrows(ProtocolException.class, server::nextEvent);
        assertTrue(bad.getMessage().startsWith(name + ": "), bad::getMessage);
    }

    @Test
    void onlyOneRequestAtATime() {
        ready();
        server.receive(written(V1, run("a")).appendBuffer(written(V1, Pull.ALL)), 0);
        BoltServerEvent.Request run = request();
        assertNull(server.nextEvent());
        assertEquals(written(V1, run("a")).length() + written(V1, Pull.ALL).length(), server.heldBytes());
        server.success(run.number(), map("fields", List.of("n")));
        BoltServerEvent.Request pull = request();
        assertEquals(run.number() + 1, pull.number());
        assertEquals(0, server.heldBytes());
        assertThrows(IllegalStateException.class, () -> {
            server.success(pull.number(), map());
            server.receive(written(V1, run("b")), 0);
            server.record(request().number(), List.of(1));
        });
    }

    @Test
    void moreThanMayWaitStaysOutside() {
        server = machine(0, 2);
        ready();
        Buffer runs = Buffer.buffer();
        for (int i = 0; i < 10; i++) {
            runs.appendBuffer(written(V1, run("fail")));
        }
        server.receive(runs, 0);
        server.failure(request().number(), new BoltResponse.Failure("a.b.c.d", "no"));
        server.takeOutput();
        assertNull(server.nextEvent());
        // All the others are ignored in one go, though only two may wait at a time.
        assertEquals("0002b07e0000".repeat(9), Vectors.hex(server.takeOutput()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown message | 0002b0770000 | message: 77 (expected: a request of Bolt 1)",
                "PULL in READY | 0002b03f0000 | PULL: in state READY (expected: another)",
                "COMMIT, which comes later | 0002b0120000 | message: 12 (expected: a request of Bolt 1)",
                "no structure | 0001010000 | value: INTEGER (expected: STRUCTURE)",
                "one byte too many | 0003b03f000000 | message: 1 bytes behind its end (expected: 0)"
            })
    void b3Defect14WhatMayNotBeAskedEndsTheConnection(String name, String hex, String message) {
        ready();
        server.takeOutput();
        server.receive(Vectors.bytes(hex), 0);
        ProtocolException bad = assertThrows(ProtocolException.class, server::nextEvent);
        assertEquals(message, bad.getMessage());
        BoltResponse.Failure failure = (BoltResponse.Failure) said(server.takeOutput());
        assertEquals("Neo.ClientError.Request.Invalid", failure.code());
        assertEquals(message, failure.message());
        server.receive(written(V1, new BoltRequest.Reset()), 0);
        assertNull(server.nextEvent());
        assertNull(server.takeOutput());
    }

    @Test
    void resultsThatAreNotOpen() {
        BoltVersion version = BoltVersion.V4_4;
        Conversation conversation = Conversation.ready(version).echo(true);
        conversation.send(new BoltRequest.Begin(TransactionOptions.DEFAULT), run("a"));
        conversation.server.receive(written(version, new Pull(1, 7)), 0);
        ProtocolException bad = assertThrows(ProtocolException.class, conversation.server::nextEvent);
        assertEquals("qid: 7 (expected: of an open result)", bad.getMessage());
    }

    /** Bytes that break the framing are judged when all before them is done, however they came. */
    @Test
    void whatCameBeforeIsAnsweredFirst() {
        ready();
        server.takeOutput();
        server.receive(written(V1, run("a")).appendBuffer(Vectors.bytes("ffff")), 0);
        BoltServerEvent.Request run = request();
        assertNull(server.nextEvent());
        server.success(run.number(), map());
        assertEquals(BoltResponse.Success.EMPTY, said(server.takeOutput()));
        ProtocolException tooLong = assertThrows(ProtocolException.class, server::nextEvent);
        assertEquals("message: 65535 bytes (expected: <= 65000)", tooLong.getMessage());
        assertInstanceOf(BoltResponse.Failure.class, said(server.takeOutput()));
    }

    @Test
    void limitsBeforeAndAfterAuthentication() {
        server = machine(0, 1_000);
        server.receive(HANDSHAKE.copy().appendBuffer(Vectors.bytes("4001")), 0);
        ProtocolException tooLong = assertThrows(ProtocolException.class, server::nextEvent);
        assertEquals(Kind.LIMIT, tooLong.kind());
        assertEquals("message: 16385 bytes (expected: <= 16384)", tooLong.getMessage());
        server = machine(0, 1_000);
        ready();
        server.receive(written(V1, run("x".repeat(50_000))), 0);
        assertInstanceOf(BoltRequest.Run.class, request().request());
    }

    @Test
    void deepAuthentication() {
        Buffer deep = Vectors.bytes("b2018174a18178" + "91".repeat(101) + "01");
        server.receive(
                HANDSHAKE
                        .copy()
                        .appendShort((short) deep.length())
                        .appendBuffer(deep)
                        .appendShort((short) 0),
                0);
        assertEquals(
                "depth: more (expected: <= 100)",
                assertThrows(ProtocolException.class, server::nextEvent).getMessage());
    }

    @Test
    void handshakeTimeout() {
        server.receive(HANDSHAKE.getBuffer(0, 19), 4_000);
        assertNull(server.nextEvent());
        assertEquals(5_000, server.deadlineMillis());
        server.tick(4_999);
        ProtocolException late = assertThrows(ProtocolException.class, () -> server.tick(5_000));
        assertEquals("handshake: not done (expected: within 5000 ms)", late.getMessage());
        assertEquals(BoltState.DEFUNCT, server.state());
        server.tick(6_000);
        assertNull(server.takeOutput());
    }

    /** NOOPs say nothing, so they put nothing off. */
    @Test
    void authenticationTimeout() {
        server.receive(HANDSHAKE, 0);
        assertNull(server.nextEvent());
        assertEquals(10_000, server.deadlineMillis());
        server.receive(Buffer.buffer(new byte[2_000]), 9_000);
        assertNull(server.nextEvent());
        ProtocolException late = assertThrows(ProtocolException.class, () -> server.tick(10_000));
        assertEquals("authentication: not done (expected: within 10000 ms)", late.getMessage());
    }

    @Test
    void anUnfinishedMessage() {
        ready();
        assertEquals(Long.MAX_VALUE, server.deadlineMillis());
        Buffer run = written(V1, run("a"));
        server.receive(run.getBuffer(0, 3), 100);
        assertNull(server.nextEvent());
        assertEquals(60_100, server.deadlineMillis());
        // Its end, and the beginning of another.
        server.receive(run.getBuffer(3, run.length()).appendBuffer(Vectors.bytes("00")), 50_000);
        BoltServerEvent.Request request = request();
        assertEquals(Long.MAX_VALUE, server.deadlineMillis());
        server.receive(Vectors.bytes("02b0"), 70_000);
        server.success(request.number(), map());
        assertNull(server.nextEvent());
        assertEquals(130_000, server.deadlineMillis());
        assertThrows(ProtocolException.class, () -> server.tick(130_000));
    }

    /** At least one sign in the time that was promised, and none when nobody waits. */
    @Test
    void keepAlive() {
        BoltServerOptions options = new BoltServerOptions(
                "Neo4j/test",
                "c",
                BoltOffer.ALL,
                BoltLimits.DEFAULT,
                BoltLimits.UNAUTHENTICATED,
                5_000,
                10_000,
                60_000,
                30,
                10);
        Conversation conversation = new Conversation(
                        Conversation.clientOptions(BoltVersion.V5_4), options, FrameTap.NONE, FrameTap.NONE)
                .echo(true)
                .start();
        BoltEvent.Ready ready = (BoltEvent.Ready) conversation.heard.remove(0);
        assertEquals(30_000, ready.server().receiveTimeoutMillis());
        server = conversation.server;
        assertEquals(Long.MAX_VALUE, server.deadlineMillis());
        conversation.echo(false).send(run("slow"));
        assertEquals(15_000, server.deadlineMillis());
        server.tick(14_999);
        assertNull(server.takeOutput());
        server.tick(15_000);
        assertEquals("0000", Vectors.hex(server.takeOutput()));
        server.tick(15_001);
        assertNull(server.takeOutput());
        server.success(conversation.request().number(), map());
        assertEquals(Long.MAX_VALUE, server.deadlineMillis());
        conversation.move().send(Pull.ALL);
        server.record(conversation.request().number(), List.of(1));
        server.takeOutput();
        server.tick(25_001);
        assertNull(server.takeOutput());
        server.tick(35_001);
        assertEquals("0000", Vectors.hex(server.takeOutput()));
    }

    @Test
    void closedByTheClient() {
        ready();
        server.receive(written(V1, run("a")), 0);
        server.peerClosed(0);
        BoltServerEvent.Request run = request();
        assertNull(server.nextEvent());
        assertEquals(BoltState.READY, server.state());
        server.success(run.number(), map());
        assertNull(server.nextEvent());
        assertEquals(BoltState.DEFUNCT, server.state());
        server = machine(0, 10);
        server.receive(HANDSHAKE, 0);
        assertNull(server.nextEvent());
        server.receive(Vectors.bytes("0005b2"), 0);
        server.peerClosed(0);
        assertThrows(ProtocolException.class, server::nextEvent);
    }

    @Test
    void whatCannotBeSentLeavesTheRequestOpen() {
        ready();
        server.receive(written(V1, run("a")), 0);
        long run = request().number();
        server.takeOutput();
        assertThrows(ProtocolException.class, () -> server.success(run, map("x", new Object())));
        assertThrows(ProtocolException.class, () -> server.success(run, map("has_more", 1)));
        assertEquals(0, server.outputBytes());
        assertTrue(server.failure(run, new BoltResponse.Failure("a.b.c.d", "no")));
        assertEquals(new BoltResponse.Failure("a.b.c.d", "no"), said(server.takeOutput()));
        assertEquals(BoltState.FAILED, server.state());
    }

    @Test
    void failingAResetEndsTheConnection() {
        ready();
        server.receive(written(V1, new BoltRequest.Reset()), 0);
        server.failure(request().number(), new BoltResponse.Failure("a.b.c.d", "no"));
        assertEquals(BoltState.DEFUNCT, server.state());
    }

    private void ready() {
        server.receive(HANDSHAKE.copy().appendBuffer(INIT), 0);
        server.success(request().number(), map());
        server.takeOutput();
    }

    private BoltServerEvent.Request request() {
        return assertInstanceOf(BoltServerEvent.Request.class, server.nextEvent());
    }

    private static BoltServerMachine machine(int receiveTimeoutSeconds, int maxWaiting) {
        BoltServerMachine machine = new BoltServerMachine(
                new BoltServerOptions(
                        "Neo4j/test",
                        "c",
                        BoltOffer.ALL,
                        new BoltLimits(65_000, 100, 1_000),
                        BoltLimits.UNAUTHENTICATED,
                        5_000,
                        10_000,
                        60_000,
                        receiveTimeoutSeconds,
                        maxWaiting),
                FrameTap.NONE);
        machine.start(0);
        return machine;
    }

    private static BoltResponse said(Buffer bytes) {
        ChunkReader chunks = new ChunkReader(100_000);
        chunks.receive(bytes);
        assertTrue(chunks.next());
        return BoltResponse.read(new PackStreamReader(
                chunks.bytes(), chunks.start(), chunks.end(), ValueDialect.of(V1), BoltLimits.DEFAULT));
    }
}
