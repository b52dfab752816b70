package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.EventStoreMachine.Role;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Either side of a connection, on a virtual clock. */
class EventStoreMachineTest {

    private static final UUID ID = UUID.fromString("c181659f-800b-4b58-a85d-5fd3fdc523b9");
    private static final UUID OURS = new UUID(1, 2);
    private static final HeartbeatTimes NEVER = new HeartbeatTimes(HeartbeatTimes.Rule.AFTER_SILENCE, 0, 1);
    /** More than real servers were late in any recording. */
    private static final int LATE_MILLIS = 50;

    private final List<String> tapped = new ArrayList<>();

    private EventStoreMachine machine(Role role, HeartbeatTimes heartbeats) {
        FrameTap tap =
                (sent, name, bytes, secret) -> tapped.add((sent ? "> " : "< ") + name + (secret ? " secret" : ""));
        EventStoreMachine machine =
                new EventStoreMachine(role, CredentialsLayout.PASSWORDS, heartbeats, () -> OURS, tap);
        machine.start(0);
        return machine;
    }

    static Stream<Transcript> heartbeats() {
        return Transcript.all().stream().filter(each -> each.name().contains("/heartbeat-server-"));
    }

    /** When real servers asked and closed; what clients did in between is done at its time. */
    @ParameterizedTest
    @MethodSource("heartbeats")
    void asksWhenRealServersDo(Transcript transcript) {
        boolean old = transcript.name().startsWith("4.1.4");
        EventStoreMachine server = machine(Role.SERVER, old ? HeartbeatTimes.SERVER_4 : HeartbeatTimes.SERVER);
        List<Long> asked = new ArrayList<>();
        for (Transcript.Line line : transcript.lines()) {
            long atMillis = millis(line.from() == 'X' ? line.text() : line.time());
            boolean closes = line.text().startsWith("server: connection closed");
            if (closes) {
                assertEquals(atMillis, closedMillis(server), LATE_MILLIS);
            } else if (line.from() == 'C') {
                asked.addAll(until(server, atMillis));
                server.receive(line.bytes(), atMillis);
                EventStoreEvent event = server.nextEvent();
                if (event != null && event.sent().command() == TcpCommand.PING) {
                    server.send(event.sent().correlationId(), new ConnectionMessage.Pong(Buffer.buffer()));
                }
                while (server.takeOutput() != null) {}
            } else if (line.command().equals("HeartbeatRequest")) {
                asked.addAll(until(server, atMillis));
                assertFalse(asked.isEmpty(), line::time);
                assertEquals(atMillis, asked.remove(0), LATE_MILLIS);
            } else if (line.from() == 'X') {
                asked.addAll(until(server, atMillis));
            }
        }
        assertEquals(List.of(), asked);
    }

    private static long millis(String text) {
        return Long.parseLong(text.replaceAll(".*@(\\d+)ms", "$1"));
    }

    /** When it asked, up to this time. */
    private static List<Long> until(EventStoreMachine machine, long untilMillis) {
        List<Long> asked = new ArrayList<>();
        while (machine.deadlineMillis() <= untilMillis) {
            long nowMillis = machine.deadlineMillis();
            machine.tick(nowMillis);
            for (Buffer out = machine.takeOutput(); out != null; out = machine.takeOutput()) {
                assertEquals(heartbeat(TcpCommand.HEARTBEAT_REQUEST, OURS), Vectors.hex(out));
                asked.add(nowMillis);
            }
        }
        return asked;
    }

    private static long closedMillis(EventStoreMachine machine) {
        long atMillis = machine.deadlineMillis();
        ProtocolException silent = assertThrows(ProtocolException.class, () -> machine.tick(atMillis));
        assertTrue(silent.isSilence());
        assertNull(machine.takeOutput());
        return atMillis;
    }

    /** A client asks after 750 ms without a byte, and waits for 1,500; whatever comes is an answer. */
    @Test
    void aClientAsksAfterSilence() {
        EventStoreMachine client = machine(Role.CLIENT, HeartbeatTimes.CLIENT);
        assertEquals(List.of(750L), until(client, 2_000));
        client.receive(Vectors.bytes("12"), 2_100);
        assertNull(client.nextEvent());
        assertEquals(List.of(3_000L), until(client, 4_000));
        assertEquals(4_500, closedMillis(client));
    }

    /** An answer that came early in a long wait counts, though looks have passed since. */
    @Test
    void aWaitMayBeLongerThanTheInterval() {
        EventStoreMachine server =
                machine(Role.SERVER, new HeartbeatTimes(HeartbeatTimes.Rule.IN_EACH_INTERVAL, 100, 1_000));
        until(server, 110);
        server.receive(Vectors.bytes("12"), 120);
        until(server, 1_150);
        assertFalse(server.isOver());
        assertEquals(2_200, endMillis(server));
    }

    private static long endMillis(EventStoreMachine machine) {
        long nowMillis = 0;
        try {
            while (true) {
                nowMillis = machine.deadlineMillis();
                machine.tick(nowMillis);
            }
        } catch (ProtocolException silent) {
            assertTrue(silent.isSilence());
            return nowMillis;
        }
    }

    @Test
    void nobodyIsSilentWhileNothingIsRead() {
        EventStoreMachine server = machine(Role.SERVER, HeartbeatTimes.SERVER);
        until(server, 2_500);
        server.hold(true, 2_600);
        assertEquals(Long.MAX_VALUE, server.deadlineMillis());
        server.hold(false, 60_000);
        assertEquals(62_000, server.deadlineMillis());
        assertEquals(List.of(62_000L), until(server, 62_500));
    }

    /** Never, when told so; and not behind the end. */
    @Test
    void noHeartbeats() {
        EventStoreMachine server = machine(Role.SERVER, NEVER);
        assertEquals(Long.MAX_VALUE, server.deadlineMillis());
    }

    /** E00, E18: at once, and with its id. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void answersHeartbeats(Role role) {
        EventStoreMachine machine = machine(role, NEVER);
        Buffer request = Vectors.bytes(heartbeat(TcpCommand.HEARTBEAT_REQUEST, ID));
        machine.receive(request.copy().appendBuffer(Vectors.bytes(heartbeat(TcpCommand.HEARTBEAT_RESPONSE, OURS))), 0);
        assertNull(machine.nextEvent());
        assertEquals(heartbeat(TcpCommand.HEARTBEAT_RESPONSE, ID), Vectors.hex(machine.takeOutput()));
        assertEquals(List.of("< HeartbeatRequest", "> HeartbeatResponse", "< HeartbeatResponse"), tapped);
    }

    private static String heartbeat(TcpCommand command, UUID id) {
        return String.format("12000000%02x00", command.number()) + Vectors.hex(DotNetGuid.bytes(id));
    }

    /** What becomes of the hazards, to either side, whole and cut everywhere. */
    @ParameterizedTest
    @CsvSource({
        "E00, 'open'",
        "E01, FRAMING",
        "E03, FRAMING",
        "E04, FRAMING",
        "E05, FRAMING",
        "E07, FRAMING",
        "E08, 'WriteEventsCompleted open'",
        "E09, 'unreadable open'",
        "E11, 'unreadable open'",
        "E12, 'unreadable open'",
        "E13, 'BadRequest open'",
    })
    void hazards(String id, String expected) {
        Buffer stream = AbuseVectors.of("eventstore").get(id).bytes();
        for (Role role : Role.values()) {
            assertEquals(expected, outcome(role, List.of(stream)));
            assertEquals(expected, outcome(role, Cuts.singleBytes(stream)));
            Cuts.positions(stream.length())
                    .forEach(at -> assertEquals(expected, outcome(role, Cuts.at(stream, at)), () -> "cut at " + at));
        }
    }

    /** E06: an unknown command is of one operation. */
    @Test
    void anUnknownCommandIsUnreadable() {
        EventStoreMachine client = machine(Role.CLIENT, NEVER);
        client.receive(Vectors.bytes("1200000077009f6581c10b80584ba85d5fd3fdc523b9"), 0);
        EventStoreEvent.Unreadable event = assertInstanceOf(EventStoreEvent.Unreadable.class, client.nextEvent());
        assertEquals(ID, event.sent().correlationId());
        assertEquals("command: 119 (expected: a known one)", event.why().getMessage());
    }

    private String outcome(Role role, List<Buffer> pieces) {
        EventStoreMachine machine = machine(role, NEVER);
        StringBuilder outcome = new StringBuilder();
        try {
            for (Buffer piece : pieces) {
                machine.receive(piece, 0);
                for (EventStoreEvent event = machine.nextEvent(); event != null; event = machine.nextEvent()) {
                    outcome.append(
                                    event instanceof EventStoreEvent.Message
                                            ? event.sent().command().protocolName()
                                            : "unreadable")
                            .append(' ');
                }
            }
            return outcome.append("open").toString();
        } catch (ProtocolException violation) {
            assertEquals(role == Role.SERVER, machine.takeOutput() != null, "a farewell");
            return outcome.append(violation.kind()).toString();
        }
    }

    /** A server's last word has the id of no conversation, and no byte of what it complains about. */
    @Test
    void aServerSaysWhatWasWrong() {
        EventStoreMachine server = machine(Role.SERVER, NEVER);
        server.receive(AbuseVectors.of("eventstore").get("E07").bytes(), 0);
        assertThrows(ProtocolException.class, server::nextEvent);
        TcpPackage farewell = TcpPackage.read(server.takeOutput(), CredentialsLayout.PASSWORDS);
        assertEquals(EventStoreMachine.NO_CONVERSATION, farewell.correlationId());
        assertTrue(((ConnectionMessage.BadRequest) EventStoreMessage.read(farewell.command(), farewell.payload()))
                .text()
                .startsWith("Received bad network package. Error: System.Exception: Login length is too big, "));
        assertEquals(List.of("< package secret", "> BadRequest"), tapped);
    }

    /** What real servers have said to the letter, and what they have not said because they have no such limits. */
    @ParameterizedTest
    @CsvSource({
        "00000000, 'Invalid TCP frame received. Error: Package size is out of bounds: 0 (max: 67108864)..'",
        "01000004, 'Invalid TCP frame received. Error: Package size is out of bounds: 67108865 (max: 67108864)..'",
        "00100000, 'Invalid TCP frame received. Error: frame: 4100 bytes (expected: <= 4096).'",
        "17000000 f201 9f6581c10b80584ba85d5fd3fdc523b9 01c3 0161 00, "
                + "'Received bad network package. Error: login: not UTF-8.'",
    })
    void complaints(String hex, String words) {
        EventStoreMachine server = machine(Role.SERVER, NEVER);
        server.limitMessage(4096);
        server.receive(Vectors.bytes(hex.replace(" ", "")), 0);
        assertThrows(ProtocolException.class, server::nextEvent);
        TcpPackage farewell = TcpPackage.read(server.takeOutput(), CredentialsLayout.PASSWORDS);
        assertEquals(words, farewell.payload().toString());
    }

    @Test
    void aPeerThatStopsWithinAPackageIsCut() {
        EventStoreMachine server = machine(Role.SERVER, NEVER);
        server.receive(Vectors.bytes("120000000300"), 0);
        assertNull(server.nextEvent());
        server.peerClosed(0);
        ProtocolException cut = assertThrows(ProtocolException.class, server::nextEvent);
        assertTrue(cut.isTruncation());
        assertNull(server.takeOutput());
    }

    /** Credentials make a package secret, whatever its command. */
    @Test
    void secretsAreMarked() {
        EventStoreMachine client = machine(Role.CLIENT, NEVER);
        client.send(TcpPackage.of(
                ID, new ConnectionMessage.Ping(Buffer.buffer()), new UserCredentials.Password("a", "s3cret")));
        client.send(ID, new ConnectionMessage.Ping(Buffer.buffer()));
        EventStoreMachine server = machine(Role.SERVER, NEVER);
        server.receive(client.takeOutput(), 0);
        assertFalse(server.nextEvent().toString().contains("s3cret"));
        assertInstanceOf(EventStoreEvent.Message.class, server.nextEvent());
        server.peerClosed(0);
        assertNull(server.nextEvent());
        assertTrue(server.isOver());
        assertEquals(List.of("> Ping secret", "> Ping", "< Ping secret", "< Ping"), tapped);
    }

    /** What cannot be sent is not, and the machine continues. */
    @Test
    void tooLongForAnyPeer() {
        EventStoreMachine client = machine(Role.CLIENT, NEVER);
        ConnectionMessage ping = new ConnectionMessage.Ping(Buffer.buffer(new byte[TcpPackage.MAX_BYTES - 17]));
        ProtocolException refused = assertThrows(ProtocolException.class, () -> client.send(ID, ping));
        assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
        assertNull(client.takeOutput());
        client.send(ID, new ConnectionMessage.Ping(Buffer.buffer()));
        assertEquals(22, client.takeOutput().length());
    }
}
