package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile peers of both roles, whole and cut. What a client's handshake refuses is in {@code HandshakeTest}. */
class BoltHostileTest {

    private static final BoltLimits SMALL = new BoltLimits(300_000, 250, 100_000);

    static Stream<HostileBolt.Row> toServer() {
        return Stream.concat(HostileBolt.toServerAtOnce(), HostileBolt.toServer());
    }

    static Stream<HostileBolt.Row> toServerLoggedIn() {
        return HostileBolt.toServerLoggedIn();
    }

    static Stream<HostileBolt.Row> toClient() {
        return HostileBolt.toClient();
    }

    @ParameterizedTest
    @MethodSource("toServer")
    void server(HostileBolt.Row row) {
        assertEquals(row.outcome(), server(List.of(row.bytes())));
        cuts(row).forEach(at -> assertEquals(row.outcome(), server(Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    @ParameterizedTest
    @MethodSource("toServerLoggedIn")
    void serverOfWhoIsLoggedIn(HostileBolt.Row row) {
        assertEquals(row.outcome(), serverLoggedIn(List.of(row.bytes())));
        cuts(row)
                .forEach(at ->
                        assertEquals(row.outcome(), serverLoggedIn(Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    /** In a message that is whole, and in one that announces 16 KB. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ce00010000",
                "ceffffffff",
                "d200010000",
                "d2ffffffff",
                "d600010000",
                "d6ffffffff",
                "da00010000",
                "daffffffff"
            })
    void b20ToB23FiveBytesBeforeALoginCostNoMoreThanTheirBytes(String hex) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Buffer whole = Buffer.buffer()
                .appendShort((short) 7)
                .appendBuffer(Vectors.bytes("b101" + hex))
                .appendShort((short) 0);
        for (Buffer bytes :
                List.of(whole, Buffer.buffer().appendShort((short) 16_000).appendBuffer(Vectors.bytes("b101" + hex)))) {
            BoltServerMachine server = new BoltServerMachine(Conversation.serverOptions(), FrameTap.NONE);
            server.start(0);
            server.receive(Vectors.bytes("6060b01700000405000000000000000000000000"), 0);
            assertNull(server.nextEvent());
            long before = threads.getCurrentThreadAllocatedBytes();
            server.receive(bytes, 0);
            if (bytes == whole) {
                assertThrows(ProtocolException.class, server::nextEvent);
            } else {
                assertNull(server.nextEvent());
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 65_536, () -> allocated + " bytes allocated");
        }
    }

    @ParameterizedTest
    @MethodSource("toClient")
    void client(HostileBolt.Row row) {
        assertEquals(row.outcome(), client(List.of(row.bytes())));
        cuts(row).forEach(at -> assertEquals(row.outcome(), client(Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = Stream.of(
                        HostileBolt.toServerAtOnce(),
                        HostileBolt.toServer(),
                        HostileBolt.toServerLoggedIn(),
                        HostileBolt.toClient())
                .flatMap(rows -> rows)
                .map(row -> row.id().substring(0, 3))
                .toList();
        AbuseVectors.of("bolt").all().stream()
                .map(AbuseVectors.AbuseVector::id)
                .filter(id -> !List.of("B09", "B10", "B11").contains(id) && !known.contains(id))
                .forEach(id -> fail(id + " is in no table"));
    }

    /** A megabyte is cut at its ends only. */
    private static IntStream cuts(HostileBolt.Row row) {
        int length = row.bytes().length();
        return Cuts.positions(length).filter(at -> length < 100_000 || at < 50 || at > length - 50);
    }

    static String server(List<Buffer> pieces) {
        BoltServerMachine server = new BoltServerMachine(Conversation.serverOptions(), FrameTap.NONE);
        server.start(0);
        return outcome(server, pieces);
    }

    static String serverLoggedIn(List<Buffer> pieces) {
        BoltServerOptions usual = Conversation.serverOptions();
        Conversation conversation = new Conversation(
                Conversation.clientOptions(BoltVersion.V5_4),
                new BoltServerOptions(
                        usual.agent(),
                        "c1",
                        usual.offer(),
                        SMALL,
                        usual.unauthenticatedLimits(),
                        5_000,
                        10_000,
                        60_000,
                        0,
                        1_000),
                FrameTap.NONE,
                FrameTap.NONE);
        conversation.echo(true).start();
        assertEquals(BoltState.READY, conversation.server.state());
        return outcome(conversation.server, pieces);
    }

    private static String outcome(BoltServerMachine server, List<Buffer> pieces) {
        StringBuilder names = new StringBuilder();
        try {
            for (Buffer piece : pieces) {
                server.receive(piece, 0);
                for (BoltServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
                    names.append(event.getClass().getSimpleName()).append(' ');
                }
            }
        } catch (ProtocolException violation) {
            assertEquals(BoltState.DEFUNCT, server.state());
            assertNull(server.nextEvent());
            Buffer said = server.takeOutput();
            // To who speaks Bolt it says why.
            assertTrue(
                    said == null || said.length() == 4 || said.toString().contains("Neo.ClientError.Request.Invalid"));
            assertNull(server.takeOutput());
            return names.append(violation.kind()).toString();
        }
        return names.toString().trim();
    }

    static String client(List<Buffer> pieces) {
        Conversation conversation = new Conversation(
                new BoltClientOptions(
                        "test",
                        Map.of("product", "test"),
                        AuthToken.none(),
                        null,
                        NotificationFilter.DEFAULT,
                        BoltOffer.of(List.of(BoltVersion.V5_4)),
                        SMALL,
                        1_000),
                Conversation.serverOptions(),
                FrameTap.NONE,
                FrameTap.NONE);
        conversation.echo(true).start().send(run("x")).heard();
        BoltClientMachine client = conversation.client;
        client.send(BoltRequest.Pull.ALL, 0);
        StringBuilder names = new StringBuilder();
        try {
            for (Buffer piece : pieces) {
                client.receive(piece, 0);
                for (BoltEvent event : BoltClientMachineTest.events(client)) {
                    names.append(event.getClass().getSimpleName()).append(' ');
                }
            }
        } catch (ProtocolException violation) {
            assertEquals(BoltState.DEFUNCT, client.state());
            assertNull(client.nextEvent());
            return names.append(violation.kind()).toString();
        }
        client.receive(Buffer.buffer(new byte[] {0, 3, (byte) 0xb1, 0x70, (byte) 0xa0, 0, 0}), 0);
        assertEquals(1, BoltClientMachineTest.events(client).size());
        return names.toString().trim();
    }
}
