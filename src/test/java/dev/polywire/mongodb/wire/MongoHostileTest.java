package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.frame;
import static dev.polywire.mongodb.wire.Documents.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile server can send to a client that is ready, and what each does to it, however it is cut. */
class MongoHostileTest {

    private static final AbuseVectors ABUSE = AbuseVectors.of("mongo");
    private static final Vectors NEGATIVE = Vectors.read("mongo-negative.txt");

    /** @param outcome the events' names; the failure's kind last */
    record Row(String id, Buffer bytes, String outcome) {

        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                        abuse("Reply", "M00"),
                        abuse("FRAMING", "M01", "M02", "M04", "M06", "M07", "M09", "M10", "M11", "M13", "M14", "M15"),
                        abuse("Undecodable", "M17", "M18", "M19", "M21", "M22", "M23", "M25", "M26", "M27"),
                        // Compression is not negotiated, so none of these may come.
                        abuse("FRAMING", "M29", "M30", "M31", "M33", "M34", "M35"),
                        negative("FRAMING", "crc_bad", "req_bit", "kind_2", "two_bodies", "dup_ident", "k1_overrun"),
                        negative("FRAMING", "k1_small", "len_15", "len_neg", "len_huge", "op_2003"),
                        negative("Undecodable", "bson_overrun", "bson_noterm"),
                        negative("", "split_header"),
                        // Who waits for it is not the machine's business.
                        negative("Reply", "resp_unknown"),
                        negative("Reply Reply", "coalesced"),
                        ours())
                .flatMap(rows -> rows);
    }

    /** Cases of the same list that have no bytes there. */
    private static Stream<Row> ours() {
        Buffer ok = Documents.OK;
        byte[] flagged = reply(ok).getBytes();
        flagged[18] = 0x10;
        return Stream.of(
                new Row("M03 length -1", Vectors.bytes("ffffffff0700000001000000dd070000"), "FRAMING"),
                new Row("M08 optional flag bit", Buffer.buffer(flagged), "Reply"),
                new Row("M20 string length -1", reply(Vectors.bytes("0e000000026100ffffffff780000")), "Undecodable"),
                new Row("M24 value missing", reply(Vectors.bytes("080000001061 0000")), "Undecodable"),
                new Row("M28 nested 10000", reply(BsonBoundsTest.nested(10_000)), "Undecodable"),
                new Row("OP_MSG of 16 bytes", frame(OpMsg.OP_CODE, Buffer.buffer()), "FRAMING"),
                new Row("checksum of 4 bytes", frame(OpMsg.OP_CODE, Vectors.bytes("01000000")), "FRAMING"),
                new Row("17 sequences", sequences(17), "LIMIT"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void outcome(Row row) {
        assertEquals(row.outcome(), outcome(List.of(row.bytes())));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheSameWhereverItIsCut(Row row) {
        Cuts.positions(row.bytes().length())
                .forEach(at -> assertEquals(row.outcome(), outcome(Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    @Test
    void tooManyDocuments() {
        Buffer body = Buffer.buffer().appendIntLE(0).appendBuffer(tiny(100_001));
        assertEquals("LIMIT", outcome(List.of(frame(OpMsg.OP_CODE, body))));
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = rows().map(Row::id).toList();
        Stream.concat(
                        ABUSE.all().stream().map(AbuseVectors.AbuseVector::id),
                        NEGATIVE.all().stream().map(Vectors.Vector::id))
                .filter(id -> !known.contains(id))
                .forEach(id -> fail(id + " is in no table"));
    }

    /** The events' names and the failure's kind; a machine that has not failed then still reads a good reply. */
    private static String outcome(List<Buffer> pieces) {
        Conversation conversation = Conversation.ready();
        StringBuilder names = new StringBuilder();
        try {
            for (Buffer piece : pieces) {
                names.append(names(conversation.events(piece)));
            }
        } catch (ProtocolException violation) {
            assertEquals(MongoState.FAILED, conversation.client.state());
            assertNull(conversation.client.nextEvent());
            return names.append(violation.kind()).toString();
        }
        if (names.length() > 0) {
            assertEquals("Reply ", names(conversation.events(reply(Documents.OK))));
        }
        return names.toString().trim();
    }

    private static String names(List<MongoEvent> events) {
        return events.stream()
                .map(event -> event.getClass().getSimpleName() + " ")
                .collect(Collectors.joining());
    }

    private static Stream<Row> abuse(String outcome, String... ids) {
        return Stream.of(ids).map(id -> new Row(id, ABUSE.get(id).bytes(), outcome));
    }

    private static Stream<Row> negative(String outcome, String... ids) {
        return Stream.of(ids).map(id -> new Row(id, NEGATIVE.get(id).bytes(), outcome));
    }

    /** A sequence "d" of empty documents, with its kind. */
    private static Buffer tiny(int count) {
        Buffer sequence = Buffer.buffer()
                .appendByte((byte) 1)
                .appendIntLE(4 + 2 + 5 * count)
                .appendString("d\0");
        for (int i = 0; i < count; i++) {
            sequence.appendIntLE(5).appendByte((byte) 0);
        }
        return sequence;
    }

    private static Buffer sequences(int count) {
        Buffer body = Buffer.buffer().appendIntLE(0);
        for (int i = 0; i < count; i++) {
            body.appendByte((byte) 1)
                    .appendIntLE(6)
                    .appendByte((byte) ('a' + i))
                    .appendByte((byte) 0);
        }
        return frame(OpMsg.OP_CODE, body);
    }
}
