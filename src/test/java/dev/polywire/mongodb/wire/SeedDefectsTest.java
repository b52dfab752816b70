package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.MongoServerMachine.Request;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The defects of the library that this wing began from, each as far as it is one of bytes; the number is that of the list.
 * The second is the connection's: {@code MongoLossTest}.
 */
class SeedDefectsTest {

    private static final Vectors OP_MSG = Vectors.read("mongo-op-msg.txt");
    private static final Vectors LEGACY = Vectors.read("mongo-legacy-ops.txt");
    private static final Vectors NEGATIVE = Vectors.read("mongo-negative.txt");
    private static final Buffer PING = bson("{ping: 1, $db: 'admin'}");

    private final Conversation conversation = Conversation.ready();

    @Test
    void defect1SegmentsAreNotMessages() {
        Buffer two = NEGATIVE.get("coalesced").bytes();
        Cuts.positions(two.length()).forEach(at -> {
            List<MongoEvent> events = new ArrayList<>();
            Cuts.at(two, at).forEach(piece -> events.addAll(conversation.events(piece)));
            assertEquals(2, events.size(), () -> "cut at " + at);
        });
    }

    @Test
    void defect3EachSectionIsRead() {
        OpMsg seed = OpMsg.read(OP_MSG.get("insert_seed").bytes());
        assertEquals(bson("{insert: 'test', $db: 'test'}"), seed.body());
        assertEquals(List.of(new DocumentSequence("documents", List.of(bson("{a: 1}")))), seed.sequences());
        assertEquals(seed, OpMsg.read(OP_MSG.get("insert_k1_first").bytes()));
        assertEquals(2, OpMsg.read(OP_MSG.get("two_k1").bytes()).sequences().size());
    }

    /** Neither read when there is none, nor taken from the next message. */
    @Test
    void defect4ChecksumOnlyByItsFlag() {
        Buffer two = NEGATIVE.get("coalesced").bytes();
        assertEquals(
                OpMsg.read(two.getBuffer(0, 38)),
                ((MongoEvent.Reply) conversation.events(two).get(0)).message());
        Buffer crc = OP_MSG.get("crc_insert").bytes();
        assertEquals(crc, OpMsg.read(crc).write(1, 0, 1_000));
        for (int i = 0; i < 4; i++) {
            Buffer wrong = crc.copy();
            wrong.setByte(crc.length() - 1 - i, (byte) (crc.getByte(crc.length() - 1 - i) + 1));
            assertThrows(ProtocolException.class, () -> OpMsg.read(wrong));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false"})
    void defect4ChecksumIsWrittenOnOption(boolean checksum, boolean compressed) {
        List<Compressor> compressors = compressed ? List.of(new ZlibCompressor(6)) : List.of();
        Conversation checked = new Conversation(
                new MongoClientOptions(
                        1_000_000, Conversation.CLIENT, 1, 10_000, compressors, checksum, null, null, null),
                FrameTap.NONE,
                compressors);
        checked.server.negotiate(Compressors.names(compressors));
        checked.answerHello(Documents.HELLO_COMPRESSED);
        checked.client.send(PING, List.of());
        checked.client.send(new OpMsg(OpMsg.MORE_TO_COME, PING, List.of()));
        List<Request> requests = checked.requests();
        int flag = checksum ? OpMsg.CHECKSUM_PRESENT : 0;
        assertEquals(new OpMsg(flag, PING, List.of()), requests.get(0).message());
        assertEquals(flag | OpMsg.MORE_TO_COME, ((OpMsg) requests.get(1).message()).flagBits());
        assertEquals(compressed, requests.get(0).compressor() != null);
    }

    @Test
    void defect5NoReplyToMoreToCome() {
        assertFalse(OpMsg.read(OP_MSG.get("w0").bytes()).hasReply());
        assertTrue(OpMsg.read(OP_MSG.get("exhaust_req").bytes()).hasReply());
        int id = conversation.client.sendExhaust(PING);
        conversation.events(new OpMsg(OpMsg.MORE_TO_COME, Documents.OK, List.of()).write(100, id, 1_000));
        assertEquals(
                List.of(
                        new MongoEvent.Reply(
                                id, OpMsg.read(OP_MSG.get("exhaust_r2").bytes())),
                        new MongoEvent.Reply(
                                id, OpMsg.read(OP_MSG.get("exhaust_r3").bytes()))),
                conversation.events(OP_MSG.get("exhaust_r2")
                        .bytes()
                        .copy()
                        .appendBuffer(OP_MSG.get("exhaust_r3").bytes())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"q_find", "q_fields", "insert1", "insert2", "update", "delete", "getmore_neg", "killcursors"})
    void defect6RequestsAreDecoded(String id) {
        Buffer bytes = LEGACY.get(id).bytes();
        Buffer two = bytes.copy().appendBuffer(bytes);
        conversation.server.receive(two, 0);
        MongoMessage first = conversation.server.nextEvent().message();
        assertEquals(first, conversation.server.nextEvent().message());
        assertEquals(bytes, first.write(1, 0, bytes.length()));
    }

    @Test
    void defect7RepliesAreEncodedAndCursorsAreSigned() {
        Buffer bytes = LEGACY.get("reply_cursor").bytes();
        OpReply reply = OpReply.read(bytes);
        assertTrue(reply.cursorId() < 0);
        assertEquals(bytes, reply.write(0x51, 1, bytes.length()));
        assertEquals(-5, OpGetMore.read(LEGACY.get("getmore_neg").bytes()).cursorId());
    }

    @Test
    void defect8IdsStayInTheirRange() {
        Conversation last = new Conversation(
                        new MongoClientOptions(1_000_000, Conversation.CLIENT, Integer.MAX_VALUE, 10), FrameTap.NONE)
                .answerHello(Documents.HELLO);
        assertEquals(1, last.client.send(PING, List.of()));
    }

    /** Those of others may be any. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void defect8IdsOfOthersAreGivenBack(int requestId) {
        MongoServerMachine server = conversation.server;
        server.takeOutput();
        server.receive(new OpMsg(PING).write(requestId, 0, 1_000), 0);
        Request request = server.nextEvent();
        server.reply(request.header().requestId(), Documents.OK);
        assertEquals(requestId, MessageHeader.read(server.takeOutput()).responseTo());
    }

    @Test
    void defect9WhatCannotBeSentEndsNothing() {
        Conversation small = new Conversation().answerHello(Documents.hello("maxMessageSizeBytes: 1024"));
        Buffer large = bson("{insert: '" + "x".repeat(1_024) + "'}");
        assertThrows(ProtocolException.class, () -> small.client.send(new OpMsg(OpMsg.MORE_TO_COME, large, List.of())));
        assertThrows(ProtocolException.class, () -> small.client.sendExhaust(large));
        assertEquals(2, small.client.send(PING, List.of()));
        assertEquals(1, small.requests().size());
    }

    @Test
    void defect10AnUnknownCompressorIsCalledSo() {
        Buffer bytes = Vectors.read("mongo-op-compressed.txt").get("unknown_id").bytes();
        ProtocolException refused = assertThrows(ProtocolException.class, () -> conversation.events(bytes));
        assertTrue(refused.getMessage().startsWith("compressorId: 9"), refused.getMessage());
        Conversation another = Conversation.ready();
        ProtocolException unknown = assertThrows(
                ProtocolException.class,
                () -> another.events(NEGATIVE.get("op_2003").bytes()));
        assertEquals("opCode: 2003 (expected: 1 or 2013)", unknown.getMessage());
    }

    /** Its other parts are in {@link OpCompressedTest} and {@link CompressionTest}. */
    @Test
    void defect11InflationEndsWhereItIsDeclared() {
        Buffer zeros = Buffer.buffer(new byte[4_000_000]);
        for (Compressor compressor : MongoMessageFuzz.COMPRESSORS) {
            Buffer bomb = compressor.compress(zeros);
            OpCompressed lie = new OpCompressed(OpMsg.OP_CODE, 100, compressor.id(), bomb);
            MessageHeader header = new MessageHeader(0, 1, 0, OpCompressed.OP_CODE);
            assertThrows(ProtocolException.class, () -> lie.inflate(header, compressor, 1_000));
            OpCompressed honest = new OpCompressed(OpMsg.OP_CODE, zeros.length(), compressor.id(), bomb);
            ProtocolException refused =
                    assertThrows(ProtocolException.class, () -> honest.inflate(header, compressor, 1_000));
            assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
        }
    }

    @Test
    void defect12LengthsAreBoundedByTheHello() {
        Conversation small = new Conversation().answerHello(Documents.hello("maxMessageSizeBytes: 2000"));
        ProtocolException refused =
                assertThrows(ProtocolException.class, () -> small.events(Vectors.bytes("d1070000")));
        assertEquals("length: 2001 (expected: <= 2000)", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"req_bit", "two_bodies", "dup_ident", "kind_2"})
    void defect13FlagsAndSectionsAreThoseOfTheSpecification(String id) {
        assertThrows(ProtocolException.class, () -> OpMsg.read(NEGATIVE.get(id).bytes()));
    }

    /** For each bit alone: the low 16 are required, the high ones are not. */
    @Test
    void defect13EachFlag() {
        for (int bit = 2; bit < 32; bit++) {
            Buffer bytes = new OpMsg(PING).write(1, 0, 1_000);
            bytes.setIntLE(16, 1 << bit);
            if (bit < 16) {
                assertThrows(ProtocolException.class, () -> OpMsg.read(bytes));
            } else {
                assertEquals(1 << bit, OpMsg.read(bytes).flagBits());
            }
        }
    }

    @Test
    void defect14WhatServersOfTodaySayToTheOldOnes() {
        OpReply reply = assertInstanceOf(
                OpReply.class,
                MongoMessage.read(
                        MessageHeader.read(LEGACY.get("reply_352").bytes()),
                        LEGACY.get("reply_352").bytes()));
        assertEquals(
                352, Documents.parsed(reply.documents().get(0)).getInt32("code").getValue());
    }
}
