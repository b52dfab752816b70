package dev.polywire.bolt.wire;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** What a hostile peer can send, and what the machine of each side makes of it. */
public final class HostileBolt {

    private static final AbuseVectors ABUSE = AbuseVectors.of("bolt");
    private static final Buffer HANDSHAKE = Vectors.bytes("6060b01700000405000000000000000000000000");

    /** The map of a query's terms. */
    private static final byte[] NO_EXTRA = {(byte) 0xa0};

    /** @param outcome the events' names; the failure's kind last */
    public record Row(String id, Buffer bytes, String outcome) {

        @Override
        public String toString() {
            return id;
        }
    }

    private HostileBolt() {}

    /** To a server that waits for a client. */
    public static Stream<Row> toServerAtOnce() {
        return Stream.of(
                abuse("B01", "FRAMING"),
                abuse("B02", "FRAMING"),
                abuse("B03", "FRAMING"),
                new Row("B04 only zeros", Vectors.bytes("6060b017" + "00".repeat(16)), "FRAMING"),
                abuse("B05", "FRAMING"),
                abuse("B06", ""),
                abuse("B07", ""));
    }

    /** To a server of Bolt 5.4 that waits for HELLO. */
    public static Stream<Row> toServer() {
        return Stream.of(
                        Stream.of("B21", "B22", "B23", "B26", "B29", "B30", "B31", "B33")
                                .map(id -> abuse(id, "DECODE")),
                        Stream.of(
                                // The last of two equal keys counts.
                                abuse("B27", "Request"),
                                // At 101 levels already: BoltServerMachineTest.
                                abuse("B25", "DECODE"),
                                abuse("B34", "FRAMING"),
                                abuse("B35", ""),
                                abuse("B37", "Request"),
                                message("B20 bytes that are not there", "b101ce00010000", "DECODE"),
                                new Row("B24 lists in lists", chunk(nested(100)), "DECODE"),
                                message("B28 reserved marker", "b101c7", "DECODE"),
                                message("B32 something behind it", "b101a000", "DECODE"),
                                new Row("B36 a chunk without end", Vectors.bytes("ffff"), "LIMIT"),
                                new Row(
                                        "B36 chunks without end",
                                        Packed.repeated(Buffer.buffer(), 20, longChunk()),
                                        "LIMIT")))
                .flatMap(rows -> rows)
                .map(row -> new Row(row.id(), HANDSHAKE.copy().appendBuffer(row.bytes()), row.outcome()));
    }

    /** To a server of Bolt 5.4 whose client is logged in: parameters of a query, and messages. */
    public static Stream<Row> toServerLoggedIn() {
        return Stream.of(
                        values().map(row -> new Row(
                                row.id(),
                                chunk(Vectors.bytes("b3108178a18176")
                                        .appendBuffer(row.bytes())
                                        .appendBytes(NO_EXTRA)),
                                "DECODE")),
                        Stream.of(
                                message("B27 the last of equal keys", "b3108178a2817601817602a0", "Request"),
                                message("B32 something behind it", "b3108178a0a000", "DECODE"),
                                message("B33 unknown message", "b077", "DECODE"),
                                message("B34 PULL of nothing", "b13fa1816e00", "DECODE"),
                                message("B34 PULL without a result", "b13fa1816e01", "FRAMING"),
                                message("B34 LOGON again", "b16aa0", "FRAMING"),
                                new Row("B35 NOOPs", Buffer.buffer(new byte[2_000]), ""),
                                new Row(
                                        "B36 chunks without end",
                                        Packed.repeated(Buffer.buffer(), 20, longChunk()),
                                        "LIMIT"),
                                new Row("B37 chunks of one byte", ones("b3108178a0a0"), "Request")))
                .flatMap(rows -> rows);
    }

    /** Values that are none. */
    private static Stream<Row> values() {
        return Stream.concat(
                Stream.of(
                        new Row("B24 lists in lists", nested(100), ""),
                        // The map or the list around it is one more than there may be.
                        new Row("B25 depth", Vectors.bytes("91".repeat(249) + "90"), "")),
                Stream.of(
                                "B20 bytes that are not there ce00010000",
                                "B21 text of 2^32 - 1 d2ffffffff",
                                "B22 items that are not there d600010000",
                                "B23 map of 2^31 da80000000",
                                "B26 integer as key a101c0",
                                "B28 reserved marker c7",
                                "B29 bad text 82c328",
                                "B30 unknown structure b17a01",
                                "B31 node of one field b14e01")
                        .map(text -> {
                            int space = text.lastIndexOf(' ');
                            return new Row(text.substring(0, space), Vectors.bytes(text.substring(space + 1)), "");
                        }));
    }

    /** To a client that waits for the rows of a PULL. */
    static Stream<Row> toClient() {
        return Stream.of(
                        // None of them is an answer at all.
                        Stream.of("B21", "B22", "B23", "B25", "B26", "B27", "B29", "B30", "B31")
                                .map(id -> abuse(id, "FRAMING")),
                        values().map(row -> new Row(
                                row.id(), chunk(Vectors.bytes("b17191").appendBuffer(row.bytes())), "Undecodable")),
                        Stream.of(
                                message("B32 something behind it", "b171919000", "Undecodable"),
                                message("B27 the last of equal keys", "b17191a2816101816102", "Record"),
                                new Row("B35 NOOPs", Buffer.buffer(new byte[2_000]), ""),
                                new Row(
                                        "B36 chunks without end",
                                        Packed.repeated(Buffer.buffer(), 20, longChunk()),
                                        "LIMIT"),
                                message("B33 unknown message", "b177a0", "FRAMING")))
                .flatMap(rows -> rows);
    }

    /** Chunks that never end: as much as a message may have, and one more. */
    static Buffer longChunk() {
        return Buffer.buffer().appendShort((short) 0xffff).appendBytes(new byte[65_535]);
    }

    /** Lists in each other, each of which says that all bytes behind it are items of its own. */
    private static Buffer nested(int times) {
        Buffer list = Buffer.buffer();
        for (int i = 0; i < times; i++) {
            list = Buffer.buffer()
                    .appendByte((byte) 0xd5)
                    .appendShort((short) list.length())
                    .appendBuffer(list);
        }
        return list;
    }

    private static Row abuse(String id, String outcome) {
        return new Row(id, ABUSE.get(id).bytes(), outcome);
    }

    private static Row message(String id, String hex, String outcome) {
        return new Row(id, chunk(Vectors.bytes(hex)), outcome);
    }

    private static Buffer ones(String hex) {
        Buffer chunks = Buffer.buffer();
        for (byte one : Vectors.bytes(hex).getBytes()) {
            chunks.appendShort((short) 1).appendByte(one);
        }
        return chunks.appendShort((short) 0);
    }

    private static Buffer chunk(Buffer message) {
        return Buffer.buffer()
                .appendShort((short) message.length())
                .appendBuffer(message)
                .appendShort((short) 0);
    }
}
