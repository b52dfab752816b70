package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static dev.polywire.bolt.wire.Packed.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state against every message of every version: what a server does with it, and what a client may send. */
class BoltStatesTest {

    private static final List<BoltState> STATES = List.of(
            BoltState.NEGOTIATION,
            BoltState.AUTHENTICATION,
            BoltState.READY,
            BoltState.STREAMING,
            BoltState.TX_READY,
            BoltState.TX_STREAMING,
            BoltState.FAILED);

    static List<BoltVersion> versions() {
        return BoltVersion.ALL;
    }

    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect14ServerTakesWhatTheTableAllows(BoltVersion version) {
        for (BoltState state : reachable(version)) {
            for (BoltMessage message : BoltMessage.values()) {
                assertEquals(
                        expected(version, state, message), outcome(version, state, message), state + " " + message);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void clientSendsWhatTheTableAllows(BoltVersion version) {
        for (BoltState state : reachable(version)) {
            if (state == BoltState.NEGOTIATION) {
                continue;
            }
            for (BoltMessage message : BoltMessage.values()) {
                Conversation conversation = in(version, state);
                assertEquals(state, conversation.client.state());
                if (BoltTransitions.of(version).allows(state, message)) {
                    assertTrue(conversation.client.send(request(message), 0) > 0);
                } else {
                    assertThrows(
                            IllegalStateException.class,
                            () -> conversation.client.send(request(message), 0),
                            state + " " + message);
                }
            }
        }
    }

    /** The seed's server: RUN before INIT fails, then a RESET makes it ready. Here the first ends it, in every version. */
    @ParameterizedTest
    @MethodSource("versions")
    void b3Defect14NobodyGetsPastTheGreeting(BoltVersion version) {
        for (BoltMessage way : List.of(BoltMessage.RESET, BoltMessage.ACK_FAILURE, BoltMessage.PULL, BoltMessage.RUN)) {
            Conversation conversation = in(version, BoltState.NEGOTIATION);
            Buffer both = written(version, run("MATCH (n) RETURN n")).appendBuffer(written(version, request(way)));
            conversation.server.receive(both, 0);
            assertThrows(ProtocolException.class, conversation.server::nextEvent);
            assertEquals(BoltState.DEFUNCT, conversation.server.state());
            assertNull(conversation.server.nextEvent());
            conversation.server.receive(written(version, request(way)), 0);
            assertNull(conversation.server.nextEvent());
        }
    }

    /** Between a slow request and a RESET: ignored, or refused because there is no such message. */
    @ParameterizedTest
    @MethodSource("versions")
    void whatAResetOvertakesIsIgnored(BoltVersion version) {
        for (BoltMessage message : BoltMessage.values()) {
            if (message == BoltMessage.GOODBYE || message == BoltMessage.RESET) {
                continue;
            }
            Conversation conversation = Conversation.ready(version).send(run("slow"));
            Buffer both = written(version, request(message)).appendBuffer(written(version, request(BoltMessage.RESET)));
            conversation.server.receive(both, 0);
            assertEquals(
                    new BoltServerEvent.Interrupted(conversation.request().number()), conversation.server.nextEvent());
            if (message.isIn(version)) {
                BoltServerEvent.Request reset = (BoltServerEvent.Request) conversation.server.nextEvent();
                assertEquals(new BoltRequest.Reset(), reset.request());
                assertEquals("0002b07e0000".repeat(2), Vectors.hex(conversation.server.takeOutput()));
            } else {
                assertThrows(ProtocolException.class, conversation.server::nextEvent, message::name);
            }
        }
    }

    private static List<BoltState> reachable(BoltVersion version) {
        return STATES.stream()
                .filter(state -> state != BoltState.AUTHENTICATION || version.hasLogon())
                .filter(state ->
                        version.hasTransactions() || state != BoltState.TX_READY && state != BoltState.TX_STREAMING)
                .toList();
    }

    private static String expected(BoltVersion version, BoltState state, BoltMessage message) {
        BoltTransitions table = BoltTransitions.of(version);
        if (message == BoltMessage.GOODBYE && message.isIn(version)) {
            return "Goodbye";
        }
        if (message == BoltMessage.ACK_FAILURE && state == BoltState.FAILED && message.isIn(version)) {
            return "SUCCESS";
        }
        if (message == BoltMessage.RESET && table.allows(state, message)) {
            return "Reset";
        }
        if (table.next(state, message, BoltTransitions.Outcome.IGNORED) != null) {
            return "IGNORED";
        }
        return table.allows(state, message) ? request(message).getClass().getSimpleName() : "FAILURE";
    }

    private static String outcome(BoltVersion version, BoltState state, BoltMessage message) {
        Conversation conversation = in(version, state);
        conversation.server.receive(written(version, request(message)), 0);
        try {
            BoltServerEvent event = conversation.server.nextEvent();
            while (event instanceof BoltServerEvent.Interrupted) {
                event = conversation.server.nextEvent();
            }
            if (event instanceof BoltServerEvent.Request request) {
                return request.request().getClass().getSimpleName();
            }
            return event == null ? said(conversation) : event.getClass().getSimpleName();
        } catch (ProtocolException violation) {
            assertEquals(BoltState.DEFUNCT, conversation.server.state());
            return said(conversation);
        }
    }

    /** The name of the last message of the server's. */
    private static String said(Conversation conversation) {
        ChunkReader chunks = new ChunkReader(100_000);
        chunks.receive(conversation.server.takeOutput());
        String name = "";
        while (chunks.next()) {
            name = BoltResponse.name(
                    Buffer.buffer().appendBytes(chunks.bytes(), chunks.start(), chunks.end() - chunks.start()));
        }
        return name;
    }

    /** A conversation whose server is in this state, with nothing to do. */
    private static Conversation in(BoltVersion version, BoltState state) {
        if (state == BoltState.NEGOTIATION) {
            Conversation fresh = new Conversation(
                    Conversation.clientOptions(version), Conversation.serverOptions(), FrameTap.NONE, FrameTap.NONE);
            fresh.server.start(0);
            fresh.server.receive(BoltOffer.of(List.of(version)).slots(), 0);
            assertNull(fresh.server.nextEvent());
            if (version.hasGqlStatus()) {
                fresh.server.receive(Buffer.buffer().appendInt(version.wire()).appendByte((byte) 0), 0);
                assertNull(fresh.server.nextEvent());
            }
            fresh.server.takeOutput();
            assertEquals(state, fresh.server.state());
            return fresh;
        }
        Conversation conversation = Conversation.ready(version).echo(true);
        List<BoltRequest> way = new ArrayList<>();
        switch (state) {
            case AUTHENTICATION -> way.add(new BoltRequest.Logoff());
            case STREAMING -> way.add(run("x"));
            case TX_READY -> way.add(new BoltRequest.Begin(TransactionOptions.DEFAULT));
            case TX_STREAMING -> {
                way.add(new BoltRequest.Begin(TransactionOptions.DEFAULT));
                way.add(run("x"));
            }
            case FAILED -> way.add(run("fail"));
            default -> {}
        }
        conversation.send(way.toArray(BoltRequest[]::new)).echo(false);
        assertEquals(state, conversation.server.state());
        return conversation;
    }

    /** Of this kind, whether the version has it or not. */
    static BoltRequest request(BoltMessage message) {
        return switch (message) {
            case INIT -> new BoltRequest.Init("a", AuthToken.none());
            case HELLO -> new BoltRequest.Hello(map("user_agent", "a"));
            case LOGON -> new BoltRequest.Logon(AuthToken.none());
            case LOGOFF -> new BoltRequest.Logoff();
            case TELEMETRY -> new BoltRequest.Telemetry(1);
            case RUN -> run("x");
            case PULL -> BoltRequest.Pull.ALL;
            case DISCARD -> BoltRequest.Discard.ALL;
            case BEGIN -> new BoltRequest.Begin(TransactionOptions.DEFAULT);
            case COMMIT -> new BoltRequest.Commit();
            case ROLLBACK -> new BoltRequest.Rollback();
            case ROUTE -> new BoltRequest.Route(map(), List.of(), null, null);
            case ACK_FAILURE -> new BoltRequest.AckFailure();
            case RESET -> new BoltRequest.Reset();
            case GOODBYE -> new BoltRequest.Goodbye();
        };
    }

    static Buffer written(BoltVersion version, BoltRequest request) {
        MessageWriter writer = new MessageWriter(ValueDialect.of(version), 100_000);
        writer.write(request::write, null);
        return writer.take();
    }
}
