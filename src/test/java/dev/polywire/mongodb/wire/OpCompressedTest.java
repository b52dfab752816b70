package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** OP_COMPRESSED as bytes, both ways and cut, and the lies in it (M29 to M36). */
class OpCompressedTest {

    private static final Vectors VECTORS = Vectors.read("mongo-op-compressed.txt");
    private static final AbuseVectors ABUSE = AbuseVectors.of("mongo");
    private static final List<Compressor> ALL =
            Compressors.usable(List.of("noop", "snappy", "zlib", "zstd"), ZlibCompressor.DEFAULT_LEVEL);
    private static final OpMsg PING = new OpMsg(bson("{ping: 1, $db: 'admin'}"));
    private static final OpMsg PADDED = new OpMsg(bson("{ping: 1, pad: '" + "a".repeat(200) + "', $db: 'admin'}"));
    private static final OpMsg OK = new OpMsg(Documents.OK);

    record Row(String id, MongoMessage inside) {

        Buffer bytes() {
            return VECTORS.get(id).bytes();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("noop", PING),
                new Row("snappy_lit", PING),
                new Row("zlib", PING),
                new Row("zlib_l0", PING),
                new Row("zstd_raw", PING),
                new Row("zstd_real", PADDED),
                new Row("zstd_chk", PADDED),
                new Row("snappy_copy", PADDED),
                new Row("zlib_reply", OK),
                new Row("noop_reply", OK));
    }

    private static Buffer inflated(MessageHeader header, OpCompressed message, int limitBytes) {
        return message.inflate(header, new Compression(ALL).of(message), limitBytes);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsAndWrites(Row row) {
        Buffer bytes = row.bytes();
        MessageHeader header = MessageHeader.read(bytes);
        OpCompressed message = assertInstanceOf(OpCompressed.class, MongoMessage.read(header, bytes));
        assertTrue(message.hasReply());
        assertEquals(bytes, message.write(header.requestId(), header.responseTo(), bytes.length()));

        Buffer inside = inflated(header, message, 1_000);
        assertEquals(row.inside(), MongoMessage.read(MessageHeader.read(inside), inside));
        assertEquals(row.inside().write(header.requestId(), header.responseTo(), 1_000), inside);

        Compressor compressor = new Compression(ALL).of(message);
        OpCompressed again = OpCompressed.of(inside, compressor);
        assertEquals(inside, again.inflate(header, compressor, inside.length()));
        assertEquals(
                ProtocolException.Kind.LIMIT,
                assertThrows(ProtocolException.class, () -> again.inflate(header, compressor, inside.length() - 1))
                        .kind());
    }

    static Stream<Vectors.Vector> ofDrivers() {
        return Vectors.read("mongo-driver-compressed.txt").all().stream();
    }

    /** What the libraries of the official drivers made; ours opens it, and need not make the same bytes. */
    @ParameterizedTest
    @MethodSource("ofDrivers")
    void opensWhatDriversSend(Vectors.Vector vector) {
        Buffer bytes = vector.bytes();
        MessageHeader header = MessageHeader.read(bytes);
        OpCompressed message = assertInstanceOf(OpCompressed.class, MongoMessage.read(header, bytes));
        assertEquals(bytes, message.write(header.requestId(), header.responseTo(), bytes.length()));
        Buffer inside = inflated(header, message, 10_000);
        MongoMessage command = MongoMessage.read(MessageHeader.read(inside), inside);
        assertEquals(inside, command.write(header.requestId(), header.responseTo(), 10_000));
        Cuts.positions(bytes.length()).forEach(at -> assertEquals(command, received(Cuts.at(bytes, at))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheSameWhereverItIsCut(Row row) {
        Buffer bytes = row.bytes();
        Cuts.positions(bytes.length())
                .forEach(at -> assertEquals(row.inside(), received(Cuts.at(bytes, at)), () -> "cut at " + at));
        assertEquals(row.inside(), received(Cuts.singleBytes(bytes)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad_size         | FRAMING uncompressedSize: 23 (expected: 22)",
                "inflates_to_more | FRAMING uncompressedSize: 64 (expected: more)",
                "unknown_id       | FRAMING compressorId: 9 (expected: one of [noop, snappy, zlib, zstd], which were"
                        + " negotiated)",
                "nested           | FRAMING originalOpcode: 2012 (expected: another)",
                "garbage          | FRAMING zlib: not such data",
                "M30 | FRAMING uncompressedSize: -1 (expected: >= 0)",
                "M31 | LIMIT uncompressedSize: 48000001 (expected: <= 47999984)",
                "M33 | FRAMING uncompressedSize: 100 (expected: more)",
                "M34 | FRAMING compressorId: 99 (expected: one of [noop, snappy, zlib, zstd], which were negotiated)",
                "M35 | FRAMING originalOpcode: 2012 (expected: another)"
            })
    void refuses(String id, String complaint) {
        Buffer bytes =
                id.startsWith("M") ? ABUSE.get(id).bytes() : VECTORS.get(id).bytes();
        assertEquals(complaint, refusal(List.of(bytes)));
        Cuts.positions(bytes.length())
                .forEach(at -> assertEquals(complaint, refusal(Cuts.at(bytes, at)), () -> "cut at " + at));
    }

    @Test
    void m29IsAnAnswer() {
        assertEquals(OK, received(List.of(ABUSE.get("M29").bytes())));
    }

    /** M35, in a message that names another one outside. */
    @Test
    void nestedBehindAnother() {
        Buffer inner = VECTORS.get("noop_reply").bytes();
        OpCompressed lie = new OpCompressed(OpMsg.OP_CODE, inner.length() - 16, 0, inner.getBuffer(16, inner.length()));
        assertTrue(refusal(List.of(lie.write(1, 0, 1_000))).startsWith("FRAMING"));
    }

    /** The ids of others may be any; those inside are those outside. */
    @ParameterizedTest
    @CsvSource({"-2147483648, -1", "0, 2147483647"})
    void idsAreKept(int requestId, int responseTo) {
        Buffer plain = OK.write(requestId, responseTo, 1_000);
        for (Compressor compressor : ALL) {
            Buffer sent = Compression.compressed(plain, compressor, 1_000);
            MessageHeader header = MessageHeader.read(sent);
            assertEquals(new MessageHeader(sent.length(), requestId, responseTo, OpCompressed.OP_CODE), header);
            assertEquals(plain, inflated(header, OpCompressed.read(sent), 1_000));
        }
    }

    /** One that would be too long compressed goes as it is. */
    @Test
    void isSentPlainRatherThanTooLong() {
        Buffer plain = OK.write(1, 0, 1_000);
        assertEquals(plain, Compression.compressed(plain, ALL.get(0), plain.length()));
        assertEquals(
                plain.length() + 9,
                Compression.compressed(plain, ALL.get(0), 1_000).length());
    }

    /** A checksum is that of the message as it was. */
    @Test
    void checksumInside() {
        Buffer plain = Vectors.read("mongo-op-msg.txt").get("crc_insert").bytes();
        Buffer sent = Compression.compressed(plain, ALL.get(2), 1_000);
        assertEquals(OpMsg.read(plain), received(List.of(sent)));
    }

    @Test
    void hasReplyByTheNumberInside() {
        Buffer nothing = Buffer.buffer();
        assertTrue(new OpCompressed(OpQuery.OP_CODE, 0, 0, nothing).hasReply());
        assertTrue(new OpCompressed(OpGetMore.OP_CODE, 0, 0, nothing).hasReply());
        assertFalse(new OpCompressed(OpInsert.OP_CODE, 0, 0, nothing).hasReply());
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = rows().map(Row::id).toList();
        assertEquals(
                List.of("bad_size", "inflates_to_more", "unknown_id", "nested", "garbage"),
                VECTORS.all().stream()
                        .map(Vectors.Vector::id)
                        .filter(id -> !known.contains(id))
                        .toList());
    }

    private static String refusal(List<Buffer> pieces) {
        ProtocolException refused = assertThrows(ProtocolException.class, () -> received(pieces));
        return refused.kind() + " " + refused.getMessage();
    }

    private static MongoMessage received(List<Buffer> pieces) {
        MongoServerMachine machine = new MongoServerMachine(MessageHeader.MAX_MESSAGE_BYTES, FrameTap.NONE, ALL);
        machine.negotiate(Compressors.names(ALL));
        MongoServerMachine.Request message = null;
        for (Buffer piece : pieces) {
            machine.receive(piece, 0);
            message = machine.nextEvent();
        }
        return message == null ? null : message.message();
    }
}
