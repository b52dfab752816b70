package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What real clients and servers sent is read, and written again to the same bytes. */
class EventStoreTranscriptTest {

    private static final int FILES = 248;
    private static final int MESSAGES_WITHOUT_FIELDS = 84;
    /** Of which the files have the beginning and the end. */
    private static final int LARGE_EVENTS = 4;

    /** Packages that are written differently, each with the reason; all are a client's, and say nothing that we would say. */
    private static final Map<String, String> WRITTEN_OTHERWISE = Map.of(
            "5.0.11/empty-payload-identify-client IdentifyClient", "empty: zeros are written",
            "5.0.11/empty-payload-read-all-events-forward ReadAllEventsForward", "empty: zeros are written",
            "5.0.11/empty-payload-read-event ReadEvent", "empty: zeros are written",
            "5.0.11/empty-payload-subscribe-to-stream SubscribeToStream", "empty: zeros are written",
            "5.0.11/empty-payload-write-events WriteEvents", "empty: zeros are written",
            "5.0.11/unknown-command-83-write-events-completed WriteEventsCompleted", "empty: zeros are written",
            "5.0.11/unknown-command-ba-filtered-read-all FilteredReadAllEventsForward", "empty: zeros are written",
            "5.0.11/unknown-fields WriteEvents", "has a field 100",
            "5.0.11/unknown-fields ReadEvent", "has a field 100");

    private record Sent(Transcript transcript, Transcript.Line line) {

        TcpPackage read() {
            return TcpPackage.read(line.bytes(), CredentialsLayout.PASSWORDS);
        }

        String name() {
            return transcript.name() + " " + line.command();
        }

        /** Credentials that the server found broken, and therefore closed the connection. */
        boolean isBroken() {
            return transcript.name().contains("/auth-truncated-")
                    || transcript.name().endsWith("/auth-empty-credentials");
        }

        /** A payload of four bytes ff. */
        boolean isGarbage() {
            return line.from() == 'C'
                    && line.text().endsWith("ffffffff")
                    && transcript.name().contains("/garbage-");
        }
    }

    private static Stream<Sent> sent() {
        return Transcript.all().stream()
                .flatMap(transcript -> transcript.lines().stream()
                        .filter(Transcript.Line::isPackage)
                        .map(line -> new Sent(transcript, line)));
    }

    @Test
    void allOfThemAreHere() {
        assertEquals(FILES, Transcript.all().size());
        assertTrue(Transcript.all().stream().noneMatch(each -> each.lines().isEmpty()));
        assertEquals(2_311, sent().count());
    }

    @Test
    void everyPackageIsWrittenToTheSameBytes() {
        Set<String> otherwise = new TreeSet<>();
        List<Sent> good =
                sent().filter(each -> !each.isBroken() && !each.isGarbage()).toList();
        int protobuf = 0;
        for (Sent each : good) {
            TcpPackage read = each.read();
            TcpCommand command = read.command();
            assertEquals(each.line().command(), name(each, command), each::name);
            Buffer again = read.write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
            assertEquals(Vectors.hex(each.line().bytes()), Vectors.hex(again), each::name);
            if (command == null || command.sender() == TcpCommand.Sender.NODE) {
                continue;
            }
            EventStoreMessage message = EventStoreMessage.read(command, read.payload());
            assertEquals(command, message.command(), each::name);
            assertEquals(message, EventStoreMessage.read(command, message.payload()), each::name);
            if (!Vectors.hex(read.payload()).equals(Vectors.hex(message.payload()))) {
                otherwise.add(each.name());
            }
            protobuf += Messages.isProtobuf(command) ? 1 : 0;
        }
        assertEquals(new TreeSet<>(WRITTEN_OTHERWISE.keySet()), otherwise);
        assertEquals(2_077 - MESSAGES_WITHOUT_FIELDS + LARGE_EVENTS, protobuf);
    }

    /** In the words of the files: 4.1 has another message under one command, and two were only sent by their numbers. */
    private static String name(Sent sent, @Nullable TcpCommand command) {
        if (command == null || command == TcpCommand.PREPARE_ACK) {
            return String.format("(unknown 0x%02x)", sent.read().commandNumber());
        }
        return command == TcpCommand.SCAVENGE_DATABASE_RESPONSE
                        && sent.transcript().name().startsWith("4.1.4/")
                ? "ScavengeDatabaseCompleted"
                : command.protocolName();
    }

    @Test
    void garbageIsRefused() {
        List<Sent> garbage = sent().filter(Sent::isGarbage).toList();
        assertEquals(8, garbage.size());
        for (Sent each : garbage) {
            TcpPackage read = each.read();
            ProtocolException refused = assertThrows(
                    ProtocolException.class, () -> EventStoreMessage.read(read.command(), read.payload()), each::name);
            assertEquals(ProtocolException.Kind.DECODE, refused.kind());
        }
    }

    @Test
    void brokenCredentialsAreRefused() {
        List<Sent> broken = sent().filter(Sent::isBroken)
                .filter(each -> each.line().from() == 'C')
                .toList();
        assertEquals(4, broken.size());
        for (Sent each : broken) {
            ProtocolException refused = assertThrows(ProtocolException.class, each::read, each::name);
            assertEquals(ProtocolException.Kind.FRAMING, refused.kind());
        }
    }

    /** What is told apart: absent, zero, and there. */
    @Test
    void presenceIsKept() {
        assertNotEquals(
                new WriteMessage.DeleteStream("s", -2, false, null).payload(),
                new WriteMessage.DeleteStream("s", -2, false, false).payload());
        assertTrue(sent().filter(each -> each.line().command().equals("DeleteStream"))
                .filter(each -> !each.isGarbage())
                .map(each -> EventStoreMessage.read(
                        TcpCommand.DELETE_STREAM, each.read().payload()))
                .map(WriteMessage.DeleteStream.class::cast)
                .map(delete -> String.valueOf(delete.hardDelete()))
                .collect(Collectors.toSet())
                .containsAll(Set.of("null", "true", "false")));
    }
}
