package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.client.FramedClient;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.FramedListener;
import dev.polywire.framed.client.FramedReceived;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.FramedPeer.Door;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code receive} of a connection without the bus: messages one by one, and the end. */
class FramedReceiveTest implements FramedListener {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Promise<FramedConnection> accepted = Promise.promise();
    private final Door door = new Door();
    private FramedPeer peer;
    private FramedConnection connection;

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        door.close();
    }

    @Override
    public void opened(FramedConnection opened) {
        accepted.tryComplete(opened);
    }

    @Override
    public void received(FramedConnection on, Buffer payload) {
        throw new AssertionError("nobody asked for " + payload);
    }

    @Override
    public void closed(FramedConnection closed, RuntimeException cause) {}

    private void connect() {
        EndpointOptions endpoint = EndpointOptions.of("127.0.0.1", door.port());
        connection = Outcome.on(context, () -> {
            FramedClient client =
                    new FramedClient(vertx, endpoint, FramedLimits.DEFAULT, Spi.NONE, (state, cause) -> {}, this);
            client.start();
            return client.connection(null, Deadline.after(vertx, 60_000));
        });
        peer = door.accept();
    }

    private <T> T on(Supplier<Future<T>> work) {
        return Outcome.on(context, work);
    }

    private String text() {
        FramedReceived next = on(connection::receive);
        return assertInstanceOf(FramedReceived.Message.class, next).payload().toString();
    }

    private void assertEnd() {
        assertInstanceOf(FramedReceived.End.class, on(connection::receive));
        assertInstanceOf(FramedReceived.End.class, on(connection::receive), "and again");
    }

    private Throwable failure() {
        return Outcome.failure(on(() -> Future.succeededFuture(connection.receive())));
    }

    /** C3-1: two in one segment, the end behind them, and the peer long gone when the second is asked for. */
    @Test
    void whatIsBufferedComesFirst() {
        connect();
        peer.send("one", "two", "").close();
        assertEquals("one", text());
        assertEquals("two", text());
        assertEquals("", text());
        assertEnd();
    }

    /** Python's None, JSON's null and no bytes at all are messages. */
    @Test
    void nullIsNotTheEnd() {
        connect();
        peer.write(FramedPeer.frame(Vectors.bytes("80044e2e"))).send("null", "").close();
        assertEquals(Vectors.bytes("80044e2e").toString(), text());
        assertEquals("null", text());
        assertEquals("", text());
        assertEnd();
    }

    /** C3-3: the last message is not whole. */
    @Test
    void aTruncatedMessageIsNoEnd() {
        connect();
        peer.send("one").write(Vectors.bytes("00000005 6865")).close();
        assertEquals("one", text());
        String expected = "message: truncated by the peer after 6 bytes of its frame";
        assertEquals(
                expected, assertInstanceOf(ProtocolException.class, failure()).getMessage());
        assertEquals(expected, failure().getMessage(), "and again");
    }

    @Test
    void aLengthOverTheLimitIsNoEnd() {
        connect();
        peer.write(Vectors.bytes("01000001"));
        ProtocolException tooLong = assertInstanceOf(ProtocolException.class, failure());
        assertEquals("length: 16777217 (expected: <= 16777216)", tooLong.getMessage());
    }

    @Test
    void aResetIsNoEnd() {
        connect();
        Future<FramedReceived> waiting = on(() -> Future.succeededFuture(connection.receive()));
        peer.reset();
        CallException lost = assertInstanceOf(CallException.class, Outcome.failure(waiting));
        assertEquals(CallException.Reason.CONNECTION_LOST, lost.reason());
    }

    @Test
    void whoDisconnectsHearsThat() {
        connect();
        on(() -> {
            connection.disconnect();
            return Future.succeededFuture();
        });
        assertEquals(
                CallException.Reason.CONNECTION_LOST,
                assertInstanceOf(CallException.class, failure()).reason());
    }

    /** C3-6: several at a time get one each, in the order in which they asked; there is a bound. */
    @Test
    void severalMayWait() {
        connect();
        List<Future<FramedReceived>> waiting = on(() -> {
            List<Future<FramedReceived>> all = new ArrayList<>();
            for (int i = 0; i < 1_025; i++) {
                all.add(connection.receive());
            }
            return Future.succeededFuture(all);
        });
        CallException oneTooMany = (CallException) Outcome.failure(waiting.get(1_024));
        assertEquals(CallException.Reason.OVERLOADED, oneTooMany.reason());
        for (int i = 0; i < 1_024; i++) {
            peer.send("" + i);
        }
        for (int i = 0; i < 1_024; i++) {
            assertEquals(new FramedReceived.Message(Buffer.buffer("" + i)), Outcome.value(waiting.get(i)));
        }
    }

    @Test
    void whoGivesUpTakesNoMessageAlong() {
        connect();
        Future<FramedReceived> late = on(() -> Future.succeededFuture(connection.receive(Deadline.after(vertx, 1))));
        assertEquals(CallException.Reason.TIMEOUT, ((CallException) Outcome.failure(late)).reason());
        peer.send("for the next");
        assertEquals("for the next", text());
    }

    /** S13: what nobody asks for stays with the peer, except for what the system buffers. */
    @Test
    void aPeerThatSendsIsHeldBack() throws Exception {
        int port = Outcome.on(
                context,
                () -> new FramedServer(
                                vertx, EndpointOptions.of("127.0.0.1", 0), FramedLimits.DEFAULT, 1, 1, Spi.NONE, this)
                        .listen());
        String payload = "x".repeat(100_000);
        try (Flood flood = new Flood(port, payload)) {
            connection = Outcome.value(accepted.future());
            flood.untilStuck(() -> on(Future::succeededFuture));
            long before = flood.bytes();
            assertTrue(before < 64L * 1024 * 1024, () -> "taken: " + before);
            for (long read = 0; read < before / 2; read += payload.length()) {
                assertEquals(payload, text());
            }
            flood.untilStuck(() -> on(Future::succeededFuture));
            assertTrue(flood.bytes() > before, "and goes on");
        }
    }
}
