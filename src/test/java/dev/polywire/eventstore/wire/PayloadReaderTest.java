package dev.polywire.eventstore.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads that are not what their command says. */
class PayloadReaderTest {

    /** E09, E11, E12 and the vector of the seed: one operation fails, whatever the bytes are. */
    @ParameterizedTest
    @ValueSource(strings = {"E09", "E11", "E12"})
    void hazards(String id) {
        TcpPackage read = TcpPackage.read(AbuseVectors.of("eventstore").get(id).bytes(), CredentialsLayout.PASSWORDS);
        refused(read.command(), read.payload());
    }

    /** Of each message: a number, a field, a length, a wire type and an end that cannot be. */
    @ParameterizedTest
    @ValueSource(
            strings = {"080241", "00", "0a05", "0f", "0c", "1b", "0affffffff0f", "0affffffffffffffffff01", "08", "0d00"
            })
    void malformed(String hex) {
        Stream.of(TcpCommand.values())
                .filter(Messages::isProtobuf)
                .forEach(command -> refused(command, Vectors.bytes(hex)));
    }

    /**
     * Results that nobody knows. As an enum of the schema it would read as absent, and absent means success in some of these.
     */
    @ParameterizedTest
    @CsvSource({
        "WRITE_EVENTS_COMPLETED, 0808",
        "WRITE_EVENTS_COMPLETED, 08ffffffffffffffffff01",
        "DELETE_STREAM_COMPLETED, 0808",
        "TRANSACTION_START_COMPLETED, 1008",
        "TRANSACTION_WRITE_COMPLETED, 1008",
        "TRANSACTION_COMMIT_COMPLETED, 1008",
        "READ_EVENT_COMPLETED, 0806",
        "READ_STREAM_EVENTS_FORWARD_COMPLETED, 1006",
        "READ_STREAM_EVENTS_BACKWARD_COMPLETED, 1006",
        "READ_ALL_EVENTS_FORWARD_COMPLETED, 3004",
        "READ_ALL_EVENTS_BACKWARD_COMPLETED, 3004",
        "FILTERED_READ_ALL_EVENTS_FORWARD_COMPLETED, 3804",
        "SUBSCRIPTION_DROPPED, 0805",
        "CREATE_PERSISTENT_SUBSCRIPTION_COMPLETED, 0804",
        "UPDATE_PERSISTENT_SUBSCRIPTION_COMPLETED, 0804",
        "DELETE_PERSISTENT_SUBSCRIPTION_COMPLETED, 0804",
        "SCAVENGE_DATABASE_RESPONSE, 0803",
        "SCAVENGE_DATABASE_RESPONSE, 08031800",
        "NOT_HANDLED, 0804",
        "FILTERED_SUBSCRIBE_TO_STREAM, 1a020802",
        "FILTERED_SUBSCRIBE_TO_STREAM, 1a021002",
    })
    void unknownNumbersAreErrors(TcpCommand command, String hex) {
        Buffer payload = Vectors.bytes(hex);
        String message = refused(command, payload).getMessage();
        assertTrue(message.contains(" (expected: 0 to "), message);
    }

    /** What every release after 22.6 leaves out. */
    @Test
    void absentIsZero() {
        Buffer nothing = Buffer.buffer();
        assertEquals(
                new WriteMessage.WriteEventsCompleted(OperationResult.SUCCESS, null, 0, 0, 0, 0, 0),
                EventStoreMessage.read(TcpCommand.WRITE_EVENTS_COMPLETED, nothing));
        assertEquals(
                new ReadMessage.ReadStreamEventsCompleted(
                        ReadDirection.BACKWARD, List.of(), ReadStreamResult.SUCCESS, 0, 0, false, 0, null),
                EventStoreMessage.read(TcpCommand.READ_STREAM_EVENTS_BACKWARD_COMPLETED, nothing));
        assertEquals(
                new SubscriptionMessage.SubscriptionConfirmation(0, null),
                EventStoreMessage.read(TcpCommand.SUBSCRIPTION_CONFIRMATION, nothing));
    }

    /** A stream whose name is not UTF-8 is not the one whose name has U+FFFD in its place. */
    @ParameterizedTest
    @CsvSource({
        "READ_EVENT, 0a01ff",
        "READ_EVENT, 0a02c328",
        "READ_EVENT, 0a03eda080",
        "WRITE_EVENTS, 0a01ff",
        "WRITE_EVENTS, 1a031201ff",
        "DELETE_STREAM, 0a01ff",
        "TRANSACTION_START, 0a01ff",
        "READ_STREAM_EVENTS_FORWARD, 0a01ff",
        "SUBSCRIBE_TO_STREAM, 0a01ff",
        "FILTERED_SUBSCRIBE_TO_STREAM, 0a01ff",
        "FILTERED_SUBSCRIBE_TO_STREAM, 1a031a01ff",
        "CREATE_PERSISTENT_SUBSCRIPTION, 0a01ff",
        "CREATE_PERSISTENT_SUBSCRIPTION, 1201ff",
        "CONNECT_TO_PERSISTENT_SUBSCRIPTION, 0a01ff",
        "PERSISTENT_SUBSCRIPTION_ACK_EVENTS, 0a01ff",
        "IDENTIFY_CLIENT, 1201ff",
        "WRITE_EVENTS_COMPLETED, 1201ff",
        "NOT_HANDLED, 080212030a01ff",
    })
    void textsAreUtf8(TcpCommand command, String hex) {
        String message = refused(command, Vectors.bytes(hex)).getMessage();
        assertTrue(message.endsWith(": not UTF-8"), message);
    }

    /** What a server says when it refuses is shown, whatever the bytes. */
    @Test
    void complaintsAreShownWithReplacements() {
        assertEquals(
                new ConnectionMessage.BadRequest("\ufffd(x"),
                EventStoreMessage.read(TcpCommand.BAD_REQUEST, Vectors.bytes("c32878")));
    }

    /** E15 */
    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -4, -1, 0, 1L << 31, 1L << 53, Long.MAX_VALUE})
    void numbersHave64Bits(long number) {
        EventStoreMessage read = new ReadMessage.ReadEvent("s", number, true, false);
        assertEquals(read, EventStoreMessage.read(TcpCommand.READ_EVENT, read.payload()));
        EventStoreMessage all =
                new ReadMessage.ReadAllEvents(ReadDirection.BACKWARD, new Position(number, -number), 1, false, false);
        assertEquals(all, EventStoreMessage.read(TcpCommand.READ_ALL_EVENTS_BACKWARD, all.payload()));
    }

    /** Unknown groups, in the message and in a message in it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void groupsAreNestedSoDeep(boolean inEvent) {
        int most = PayloadReader.MAX_DEPTH - (inEvent ? 1 : 0);
        EventStoreMessage.read(TcpCommand.WRITE_EVENTS, groups(most, inEvent));
        refused(TcpCommand.WRITE_EVENTS, groups(most + 1, inEvent));
        refused(TcpCommand.WRITE_EVENTS, groups(1_000, inEvent));
    }

    /** Of field 15: start and end. */
    private static Buffer groups(int depth, boolean inEvent) {
        Buffer groups = Vectors.bytes("7b".repeat(depth) + "7c".repeat(depth));
        return inEvent ? element(0x1a, groups) : groups;
    }

    /** 64 KiB of nothing, which would be some megabytes of objects; and as much of something, which is not refused. */
    @ParameterizedTest
    @CsvSource({
        "WRITE_EVENTS, 1a",
        "TRANSACTION_WRITE, 12",
        "READ_STREAM_EVENTS_FORWARD_COMPLETED, 0a",
        "READ_ALL_EVENTS_FORWARD_COMPLETED, 1a",
        "PERSISTENT_SUBSCRIPTION_ACK_EVENTS, 12",
        "READ_EVENT, 7a",
    })
    void emptyElementsAreCounted(TcpCommand command, String tag) {
        int element = Integer.parseInt(tag, 16);
        int free = PayloadReader.FREE_FIELDS;
        EventStoreMessage.read(command, elements(free, element, 0));
        refused(command, elements(32 * 1024, element, 0));
    }

    /** A filter's texts are in a message of their own. */
    @Test
    void emptyTextsOfAFilterAreCounted() {
        for (TcpCommand command :
                List.of(TcpCommand.FILTERED_SUBSCRIBE_TO_STREAM, TcpCommand.FILTERED_READ_ALL_EVENTS_FORWARD)) {
            int tag = command == TcpCommand.FILTERED_SUBSCRIBE_TO_STREAM ? 0x1a : 0x3a;
            EventStoreMessage.read(command, element(tag, elements(PayloadReader.FREE_FIELDS, 0x1a, 0)));
            refused(command, element(tag, elements(32 * 1024, 0x1a, 0)));
        }
    }

    /** Every real list passes: ids, and the shortest events there can be. */
    @Test
    void realElementsAreNotTooMany() {
        PersistentMessage.PersistentSubscriptionAckEvents ids = new PersistentMessage.PersistentSubscriptionAckEvents(
                "", Collections.nCopies(50_000, Buffer.buffer(new byte[DotNetGuid.BYTES])));
        assertEquals(ids, EventStoreMessage.read(ids.command(), ids.payload()));

        NewEvent shortest = new NewEvent(
                Buffer.buffer(new byte[DotNetGuid.BYTES]),
                "t",
                NewEvent.BINARY,
                NewEvent.BINARY,
                Buffer.buffer(),
                null);
        WriteMessage.WriteEvents many =
                new WriteMessage.WriteEvents("s", -2, Collections.nCopies(50_000, shortest), false);
        assertEquals(many, EventStoreMessage.read(TcpCommand.WRITE_EVENTS, many.payload()));
    }

    private static Buffer elements(int count, int tag, int bytes) {
        Buffer all = Buffer.buffer();
        Buffer one = element(tag, Buffer.buffer(new byte[bytes]));
        for (int i = 0; i < count; i++) {
            all.appendBuffer(one);
        }
        return all;
    }

    private static Buffer element(int tag, Buffer content) {
        Buffer element = Buffer.buffer().appendByte((byte) tag);
        int length = content.length();
        for (; length > 0x7f; length >>>= 7) {
            element.appendByte((byte) (length | 0x80));
        }
        return element.appendByte((byte) length).appendBuffer(content);
    }

    private static ProtocolException refused(TcpCommand command, Buffer payload) {
        ProtocolException refused = assertThrows(
                ProtocolException.class,
                () -> EventStoreMessage.read(command, payload),
                () -> command + " " + Vectors.hex(payload.slice(0, Math.min(40, payload.length()))));
        assertEquals(ProtocolException.Kind.DECODE, refused.kind());
        assertTrue(refused.getMessage().startsWith(command.protocolName() + ": "), refused::getMessage);
        return refused;
    }
}
