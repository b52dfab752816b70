package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages and their bytes, both ways, and cut everywhere. */
class EventStoreMessageTest {

    private static final Vectors PACKAGES = Vectors.read("eventstore-packages.txt");
    private static final Vectors PROTOBUF = Vectors.read("eventstore-protobuf.txt");

    private static final UUID EVENT_ID = UUID.fromString("7b65277d-1668-4445-bf1a-5deb90ebdcd6");
    private static final String CANCELLATION = "Cancellation-d762a534-6bc6-4768-af28-2abcf71a1349";

    /** @param written the row whose bytes it is written to; another one when zeros are absent in this one */
    record Row(String id, EventStoreMessage message, String written) {

        Buffer payload(String row) {
            if (row.startsWith("protobuf ")) {
                return PROTOBUF.get(row.substring(9)).bytes();
            }
            return TcpPackage.read(PACKAGES.get(row).bytes(), CredentialsLayout.PASSWORDS_OR_TOKEN)
                    .payload();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                row("line5", new ConnectionMessage.HeartbeatRequest()),
                row("line6", new ConnectionMessage.HeartbeatResponse()),
                row("line7", new ConnectionMessage.Ping(Buffer.buffer())),
                row("line8", new ConnectionMessage.Ping(Buffer.buffer())),
                row("line9", new ConnectionMessage.Authenticate()),
                row("line10", new ConnectionMessage.Authenticated()),
                row("line11", new ConnectionMessage.NotAuthenticated("Unauthorized")),
                row("line12", new ConnectionMessage.Authenticate()),
                row("line13", new ConnectionMessage.ClientIdentified()),
                row(
                        "line14",
                        new WriteMessage.WriteEvents(
                                "my-stream",
                                -2,
                                List.of(new NewEvent(
                                        DotNetGuid.bytes(EVENT_ID),
                                        "thing_happened",
                                        NewEvent.JSON,
                                        NewEvent.BINARY,
                                        Buffer.buffer("{\"a\":1}"),
                                        Buffer.buffer())),
                                false)),
                row("line15", written()),
                new Row("line16", written(), "line15"),
                row(
                        "line17",
                        new ReadMessage.ReadEventCompleted(
                                ReadEventResult.SUCCESS,
                                new ResolvedIndexedEvent(
                                        new EventRecord(
                                                "d7924d75-82bf-4764-959d-10612ba29873",
                                                0,
                                                EVENT_ID,
                                                "thing_happened",
                                                1,
                                                1,
                                                Buffer.buffer("{\"thing\": 1, \"happening\": true}"),
                                                Buffer.buffer(),
                                                636_513_643_425_648_380L,
                                                1_515_767_542_564L),
                                        null),
                                null)),
                row("line18", new PersistentMessage.PersistentSubscriptionStreamEventAppeared(resolved(), 0), "retry"),
                row("line19", new PersistentMessage.PersistentSubscriptionStreamEventAppeared(broken(), 0), "retry"),
                row(
                        "line20",
                        new PersistentMessage.CreatePersistentSubscription(new PersistentSubscriptionSettings(
                                "best-subscription",
                                "$ce-Cancellation",
                                true,
                                0,
                                30_000,
                                false,
                                32,
                                64,
                                128,
                                10,
                                true,
                                2_000,
                                1_000,
                                10,
                                0,
                                "RoundRobin"))),
                row("line21", new SubscriptionMessage.SubscriptionConfirmation(1_000, -1L)),
                row("line22", new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)),
                row(
                        "line23",
                        new SubscriptionMessage.SubscriptionDropped(
                                SubscriptionDropReason.SUBSCRIBER_MAX_COUNT_REACHED)),
                row("line24", new SubscriptionMessage.UnsubscribeFromStream()),
                row(
                        "line25",
                        new PersistentMessage.PersistentSubscriptionNakEvents(
                                "my-stream::grp",
                                List.of(DotNetGuid.bytes(EVENT_ID)),
                                "bad",
                                NakAction.PARK.ordinal())),
                row("line26", new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null)),
                new Row("line27", new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null), "line26"),
                row(
                        "line28",
                        new ConnectionMessage.NotHandled(
                                NotHandledReason.NOT_LEADER,
                                new LeaderInfo("10.0.0.1", 1113, "10.0.0.1", 2113, null, null))),
                failed("protobuf line3", ReadEventResult.SUCCESS),
                failed("protobuf line4", ReadEventResult.NOT_FOUND),
                failed("protobuf line5", ReadEventResult.NO_STREAM),
                failed("protobuf line6", ReadEventResult.STREAM_DELETED),
                failed("protobuf line7", ReadEventResult.ACCESS_DENIED));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsAndWrites(Row row) {
        Buffer payload = row.payload(row.id());
        assertEquals(row.message(), EventStoreMessage.read(row.message().command(), payload));
        String retryCount = row.written().equals("retry") ? "1000" : "";
        String expected =
                retryCount.isEmpty() ? Vectors.hex(row.payload(row.written())) : Vectors.hex(payload) + retryCount;
        assertEquals(expected, Vectors.hex(row.message().payload()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheSameWhereverItsPackageIsCut(Row row) {
        TcpPackage sent = TcpPackage.of(EVENT_ID, row.message(), null);
        Buffer frame = sent.write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
        Cuts.positions(frame.length())
                .forEach(at -> assertEquals(row.message(), received(Cuts.at(frame, at)), () -> "cut at " + at));
        assertEquals(row.message(), received(Cuts.singleBytes(frame)));
    }

    static List<Class<? extends EventStoreMessage>> types() {
        return Messages.types();
    }

    /** Any content comes back. A truncation is an error or, between two fields, another message; never anything else. */
    @ParameterizedTest
    @MethodSource("types")
    void roundTrip(Class<? extends EventStoreMessage> type) {
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            EventStoreMessage message = Messages.some(type, random);
            Buffer payload = message.payload();
            assertEquals(expected(message), EventStoreMessage.read(message.command(), payload));
            for (int end = 0; end < payload.length() && i < 5; end++) {
                decodesOrComplains(message.command(), payload.slice(0, end));
            }
        }
    }

    private static void decodesOrComplains(TcpCommand command, Buffer payload) {
        try {
            EventStoreMessage.read(command, payload);
        } catch (ProtocolException bad) {
            assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        }
    }

    /** A leader is told only where it means something. */
    private static EventStoreMessage expected(EventStoreMessage message) {
        return message instanceof ConnectionMessage.NotHandled not
                        && (not.reason() == NotHandledReason.NOT_READY || not.reason() == NotHandledReason.TOO_BUSY)
                ? new ConnectionMessage.NotHandled(not.reason(), null)
                : message;
    }

    @Test
    void textsHoldNoData() {
        Buffer secret = Buffer.buffer("s3cret");
        for (Object each : List.of(
                new NewEvent(EVENT_ID, "t", NewEvent.JSON, secret, secret),
                new EventRecord("s", 0, EVENT_ID, "t", 0, 0, secret, secret, 0, 0),
                TcpPackage.of(EVENT_ID, new ConnectionMessage.Ping(secret), null))) {
            assertFalse(each.toString().contains("s3cret"), each::toString);
        }
    }

    /** Half a surrogate pair would be another stream's name. */
    @Test
    void aNameWithoutUtf8IsNotWritten() {
        EventStoreMessage message = new ReadMessage.ReadEvent("a\ud800", 0, false, false);
        String refused =
                assertThrows(IllegalArgumentException.class, message::payload).getMessage();
        assertTrue(refused.startsWith("event_stream_id: "), refused);
    }

    private static EventStoreMessage received(List<Buffer> pieces) {
        FrameAccumulator input = new FrameAccumulator(TcpPackage.LENGTH_PREFIX, TcpPackage.MAX_BYTES);
        Buffer frame = null;
        for (Buffer piece : pieces) {
            assertNull(frame);
            input.append(piece);
            frame = input.nextFrame();
        }
        TcpPackage read = TcpPackage.read(frame, CredentialsLayout.PASSWORDS);
        assertEquals(EVENT_ID, read.correlationId());
        return EventStoreMessage.read(read.command(), read.payload());
    }

    private static Row row(String id, EventStoreMessage message) {
        return new Row(id, message, id);
    }

    private static Row row(String id, EventStoreMessage message, String written) {
        return new Row(id, message, written);
    }

    private static Row failed(String id, ReadEventResult result) {
        return row(id, new ReadMessage.ReadEventCompleted(result, ResolvedIndexedEvent.NONE, null));
    }

    private static WriteMessage written() {
        return new WriteMessage.WriteEventsCompleted(OperationResult.SUCCESS, null, 0, 0, 1_000, 1_000, 0);
    }

    private static ResolvedIndexedEvent resolved() {
        EventRecord event = new EventRecord(
                CANCELLATION,
                0,
                UUID.fromString("1d073650-79de-354f-8825-c1a7ae810ba8"),
                "cancellation_started",
                1,
                1,
                Buffer.buffer("{\"order_id\": \"123\", \"cancellation_id\": \"d762a534-6bc6-4768-af28-2abcf71a1349\"}"),
                Buffer.buffer(),
                636_511_020_271_871_480L,
                1_515_505_227_187L);
        EventRecord link = new EventRecord(
                "$ce-Cancellation",
                93,
                UUID.fromString("34116ccc-d433-4b93-bbd1-1c79d9101675"),
                "$>",
                0,
                0,
                Buffer.buffer("0@" + CANCELLATION),
                Buffer.buffer("{\"$v\":\"1:-1:1:3\",\"$c\":34407610,\"$p\":34407610,\"$o\":\"" + CANCELLATION
                        + "\",\"$causedBy\":\"1d073650-79de-354f-8825-c1a7ae810ba8\"}"),
                636_511_020_272_185_810L,
                1_515_505_227_218L);
        return new ResolvedIndexedEvent(event, link);
    }

    private static ResolvedIndexedEvent broken() {
        return new ResolvedIndexedEvent(
                null,
                new EventRecord(
                        "$et-turtle",
                        0,
                        UUID.fromString("7a8c472c-c92e-4520-990d-a749f6020ba1"),
                        "$>",
                        0,
                        0,
                        Buffer.buffer("0@some"),
                        Buffer.buffer("{\"$v\":\"4:-1:1:3\",\"$c\":1093482,\"$p\":1093482,"
                                + "\"$causedBy\":\"74791386-1386-1386-1386-153874791386\"}"),
                        636_743_447_235_763_460L,
                        1_538_747_923_576L));
    }
}
