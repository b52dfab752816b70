package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.frame;
import static dev.polywire.mongodb.wire.Documents.reply;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** What a hostile server can send where an answer is due, and what the client's machine makes of it. */
public final class HostileReplies {

    private static final AbuseVectors ABUSE = AbuseVectors.of("mongo");
    private static final Vectors NEGATIVE = Vectors.read("mongo-negative.txt");

    /** @param outcome the events' names; the failure's kind last */
    public record Row(String id, Buffer bytes, String outcome) {

        @Override
        public String toString() {
            return id;
        }
    }

    private HostileReplies() {}

    public static Stream<Row> rows() {
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
                new Row("M28 nested 201", reply(BsonBoundsTest.nested(BsonBounds.MAX_DEPTH + 1)), "Undecodable"),
                new Row("M37 regex without options", reply(Vectors.bytes("0a0000000b610078 0000")), "Undecodable"),
                new Row("M37 code with scope", reply(codeWithScope()), "Undecodable"),
                new Row("M37 pointer of 11 bytes", reply(pointer()), "Undecodable"),
                new Row("OP_MSG of 16 bytes", frame(OpMsg.OP_CODE, Buffer.buffer()), "FRAMING"),
                new Row("checksum of 4 bytes", frame(OpMsg.OP_CODE, Vectors.bytes("01000000")), "FRAMING"),
                new Row("17 sequences", sequences(17), "LIMIT"));
    }

    private static Stream<Row> abuse(String outcome, String... ids) {
        return Stream.of(ids).map(id -> new Row(id, ABUSE.get(id).bytes(), outcome));
    }

    private static Stream<Row> negative(String outcome, String... ids) {
        return Stream.of(ids).map(id -> new Row(id, NEGATIVE.get(id).bytes(), outcome));
    }

    /** {@code {a: code "c" with scope {}}} whose size counts one byte more than there is. */
    private static Buffer codeWithScope() {
        return Vectors.bytes("18000000 0f6100 10000000 02000000 6300 0500000000 00 00");
    }

    /** {@code {a: pointer to "x"}} whose id has 11 bytes. */
    private static Buffer pointer() {
        return Vectors.bytes("19000000 0c6100 02000000 7800 0000000000000000000000 00");
    }

    /** One document more than any server takes, in a sequence. */
    public static Buffer tooManyDocuments() {
        Buffer body = Buffer.buffer().appendIntLE(0).appendBuffer(tiny(100_001));
        return frame(OpMsg.OP_CODE, body);
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
