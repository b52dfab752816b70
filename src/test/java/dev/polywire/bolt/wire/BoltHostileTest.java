package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltConversationTest.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile peers of both roles, whole and cut. What a client's handshake refuses is in {@code HandshakeTest}. */
class BoltHostileTest {

    private static final BoltLimits SMALL = new BoltLimits(300_000, 250, 100_000);

    static Stream<HostileBolt.Row> toServer() {
        return Stream.concat(HostileBolt.toServerAtOnce(), HostileBolt.toServer());
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
    @MethodSource("toClient")
    void client(HostileBolt.Row row) {
        assertEquals(row.outcome(), client(List.of(row.bytes())));
        cuts(row).forEach(at -> assertEquals(row.outcome(), client(Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = Stream.of(HostileBolt.toServerAtOnce(), HostileBolt.toServer(), HostileBolt.toClient())
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
