package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ProtobufWriter} writes and {@link ProtobufReader} reads. */
class ProtobufWriterTest {

    private static final UUID ID = UUID.fromString("c181659f-800b-4b58-a85d-5fd3fdc523b9");

    /** Lengths of lengths: of an event that is one byte longer each time, so that its length is longer than was expected, too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60, 16_300, 2_097_080})
    void lengthsFit(int from) {
        for (int bytes = from; bytes < from + 80; bytes++) {
            Buffer data = Buffer.buffer(new byte[bytes]);
            WriteMessage.WriteEvents write = new WriteMessage.WriteEvents(
                    "s",
                    -2,
                    List.of(new NewEvent(ID, "\u00e4\u00f6\u00fc", NewEvent.JSON, data, Buffer.buffer())),
                    true);
            assertEquals(write, EventStoreMessage.read(TcpCommand.WRITE_EVENTS, write.payload()), "bytes: " + bytes);
        }
    }

    /** Small packages share memory, and larger ones do not; what is sent is the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1_024, 4_000, 4_050, 4_096, 10_000})
    void packagesOfAMachineAreThoseOfTheirMessages(int bytes) {
        EventStoreMachine machine = new EventStoreMachine(
                EventStoreMachine.Role.CLIENT,
                CredentialsLayout.PASSWORDS,
                HeartbeatTimes.CLIENT,
                UUID::randomUUID,
                FrameTap.NONE);
        Buffer expected = Buffer.buffer();
        for (String type : List.of("t", "\u20ac".repeat(3_000), "u")) {
            NewEvent event =
                    new NewEvent(ID, type, NewEvent.BINARY, Buffer.buffer(new byte[bytes]), Buffer.buffer("m"));
            WriteMessage.WriteEvents write = new WriteMessage.WriteEvents("s", 7, List.of(event), false);
            machine.send(ID, write);
            expected.appendBuffer(
                    TcpPackage.of(ID, write, null).write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES));
        }
        Buffer sent = Buffer.buffer();
        for (Buffer piece = machine.takeOutput(); piece != null; piece = machine.takeOutput()) {
            sent.appendBuffer(piece);
        }
        assertEquals(Vectors.hex(expected), Vectors.hex(sent));
    }

    @Test
    void rawForm() {
        EventRecord event = event("s", "t", 3);
        String record = "0a017310031a10" + Vectors.hex(DotNetGuid.bytes(ID)) + "220174280030003a00420048005000";
        assertEquals("000000280a26" + record, Vectors.hex(RawEvent.of(event, null, null)));
        assertEquals("0000002c0a26" + record + "18082009", Vectors.hex(RawEvent.of(event, null, new Position(8, 9))));
    }

    /** Fields that nobody knows, of each wire type, before and behind the known ones; the last of a field counts. */
    @ParameterizedTest
    @CsvSource({
        "0802, 2",
        "08010802, 2",
        "78ffffffffffffffffff010802, 2",
        "7900000000000000000802, 2",
        "7d000000000802, 2",
        "7a0301020308027a00, 2",
        "7b08057c0802, 2",
        "0a01080802, 2",
        "0d000000000802, 2",
    })
    void unknownFields(String hex, int result) {
        Buffer payload = Vectors.bytes(hex);
        WriteMessage.WriteEventsCompleted read =
                (WriteMessage.WriteEventsCompleted) EventStoreMessage.read(TcpCommand.WRITE_EVENTS_COMPLETED, payload);
        assertEquals(result, read.result().ordinal());
    }

    /** A group that another one ends, that nothing ends, or that nothing began; a length that is beyond its message. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "7b7b7c",
                "7b0801",
                "7c",
                "7b74",
                "1a0112",
                "1a020a05",
                "1a02127f",
                "80808080808080808080800101",
                "7e"
            })
    void malformed(String hex) {
        ProtocolException bad = assertThrows(
                ProtocolException.class, () -> EventStoreMessage.read(TcpCommand.WRITE_EVENTS, Vectors.bytes(hex)));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    /** Texts that come again are one object; those of a link are not those of its event. */
    @Test
    void neighboursShareTexts() {
        ResolvedIndexedEvent one = new ResolvedIndexedEvent(event("stream", "type", 0), event("$ce-stream", "$>", 0));
        ResolvedIndexedEvent two = new ResolvedIndexedEvent(event("stream", "type2", 1), event("$ce-stream", "$>", 1));
        List<ResolvedIndexedEvent> read = page(List.of(one, two));
        assertEquals(List.of(one, two), read);
        assertSame(read.get(0).event().eventStreamId(), read.get(1).event().eventStreamId());
        assertSame(read.get(0).link().eventStreamId(), read.get(1).link().eventStreamId());
        assertEquals("type2", read.get(1).event().eventType());
    }

    /** The bytes of a small page are its events' own, a large one shares its memory; no part of either can grow into the next. */
    @Test
    void largePagesShareTheirMemory() {
        ResolvedIndexedEvent event = new ResolvedIndexedEvent(
                new EventRecord("s", 0, ID, "t", 0, 0, Buffer.buffer(new byte[256]), Buffer.buffer(), 0, 0), null);
        for (int count : List.of(2, 500)) {
            Buffer payload = payload(Collections.nCopies(count, event));
            List<ResolvedIndexedEvent> read = ((ReadMessage.ReadStreamEventsCompleted)
                            EventStoreMessage.read(TcpCommand.READ_STREAM_EVENTS_FORWARD_COMPLETED, payload))
                    .events();
            assertEquals(Collections.nCopies(count, event), read);
            for (int at = 0; at < payload.length(); at++) {
                payload.setByte(at, (byte) 1);
            }
            assertEquals(count == 500 ? 1 : 0, read.get(0).event().data().getByte(0));
            Buffer metadata = read.get(0).event().metadata();
            assertThrows(IndexOutOfBoundsException.class, () -> metadata.appendByte((byte) 0));
        }
        assertNotSame(event, page(List.of(event)).get(0));
    }

    private static EventRecord event(String stream, String type, long number) {
        return new EventRecord(stream, number, ID, type, 0, 0, Buffer.buffer(), Buffer.buffer(), 0, 0);
    }

    private static List<ResolvedIndexedEvent> page(List<ResolvedIndexedEvent> events) {
        return ((ReadMessage.ReadStreamEventsCompleted)
                        EventStoreMessage.read(TcpCommand.READ_STREAM_EVENTS_FORWARD_COMPLETED, payload(events)))
                .events();
    }

    private static Buffer payload(List<ResolvedIndexedEvent> events) {
        return new ReadMessage.ReadStreamEventsCompleted(
                        ReadDirection.FORWARD, events, ReadStreamResult.SUCCESS, 0, 0, true, 0, null)
                .payload();
    }
}
