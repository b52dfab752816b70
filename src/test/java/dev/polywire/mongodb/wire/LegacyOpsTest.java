package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.bson;
import static dev.polywire.mongodb.wire.Documents.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the operations that MongoDB 5.1 removed refuse, and which of all wait for a reply. */
class LegacyOpsTest {

    private static final Buffer DOCUMENT = bson("{a: 1}");
    private static final Vectors VECTORS = Vectors.read("mongo-legacy-ops.txt");

    @ParameterizedTest
    @CsvSource({
        "q_find, true",
        "insert1, false",
        "update, false",
        "delete, false",
        "getmore_neg, true",
        "killcursors, false",
        "reply_empty, false"
    })
    void hasReply(String id, boolean hasReply) {
        assertEquals(hasReply, read(VECTORS.get(id).bytes()).hasReply());
    }

    @Test
    void aCommandHasReplyUnlessItSaysOtherwise() {
        assertEquals(true, new OpMsg(DOCUMENT).hasReply());
        assertFalse(new OpMsg(OpMsg.MORE_TO_COME, DOCUMENT, List.of()).hasReply());
    }

    static Stream<String> shortened() {
        return VECTORS.all().stream().map(Vectors.Vector::id);
    }

    /** A message whose length counts fewer bytes: never a failure of the JDK's, and never the same message. */
    @ParameterizedTest
    @MethodSource("shortened")
    void endsEarlyAtEachByte(String id) {
        Buffer whole = VECTORS.get(id).bytes();
        MongoMessage message = read(whole);
        for (int length = MessageHeader.BYTES; length < whole.length(); length++) {
            Buffer part = whole.getBuffer(0, length);
            part.setIntLE(0, length);
            try {
                assertFalse(message.equals(read(part)), id + " of " + length);
            } catch (ProtocolException refused) {
                assertFalse(refused.kind() == ProtocolException.Kind.SILENCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shortened")
    void nothingStandsBehind(String id) {
        Buffer longer = VECTORS.get(id).bytes().copy().appendByte((byte) 0);
        longer.setIntLE(0, longer.length());
        assertThrows(ProtocolException.class, () -> read(longer));
    }

    @Test
    void countsAreThoseOfTheBytes() {
        refused("FRAMING numberOfCursorIDs: 2 (expected: <= 1)", 2007, "00000000 02000000 0100000000000000");
        refused(
                "FRAMING numberOfCursorIDs: 18446744073709551615 (expected: <= 1)",
                2007,
                "00000000 ffffffff 0100000000000000");
        refused("FRAMING bytes behind the message: 8 (expected: 0)", 2007, "00000000 00000000 0100000000000000");
        refused("FRAMING documents: 0 (expected: >= 1)", 2002, "00000000 612e6200");
        refused("FRAMING fullCollectionName: no zero byte (expected: within 3 bytes)", 2002, "00000000 612e62");
        refused("FRAMING fullCollectionName: not UTF-8", 2005, "00000000 c32800 00000000 0000000000000000");
        refused("DECODE document length: 4 (expected: 5 to 5)", 2006, "00000000 612e6200 00000000 0400000000");
    }

    @Test
    void moreCursorsThanAnybodyHas() {
        Buffer body = Buffer.buffer().appendIntLE(0).appendIntLE(100_001);
        for (int i = 0; i < 100_001; i++) {
            body.appendLongLE(i);
        }
        ProtocolException refused =
                assertThrows(ProtocolException.class, () -> read(frame(OpKillCursors.OP_CODE, body)));
        assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
    }

    @Test
    void textOfRecordsHoldsNoDocuments() {
        Buffer secret = bson("{payload: 'canary-7f3a'}");
        Stream.of(
                        new OpInsert(0, "a.b", List.of(secret)),
                        new OpUpdate("a.b", 0, secret, secret),
                        new OpDelete("a.b", 0, secret),
                        new OpCompressed(OpMsg.OP_CODE, secret.length(), 0, secret))
                .forEach(message -> assertFalse(message.toString().contains("canary-7f3a"), message::toString));
    }

    /** Numbers of others may be negative. */
    @Test
    void idsAreSigned() {
        Buffer bytes = new OpGetMore("a.b", -1, Long.MIN_VALUE).write(Integer.MIN_VALUE, -1, 100);
        assertEquals(new MessageHeader(bytes.length(), Integer.MIN_VALUE, -1, 2005), MessageHeader.read(bytes));
        assertEquals(new OpGetMore("a.b", -1, Long.MIN_VALUE), read(bytes));
    }

    private static void refused(String complaint, int opCode, String body) {
        ProtocolException refused =
                assertThrows(ProtocolException.class, () -> read(frame(opCode, Vectors.bytes(body))));
        assertEquals(complaint, refused.kind() + " " + refused.getMessage());
    }

    private static MongoMessage read(Buffer frame) {
        return MongoMessage.read(MessageHeader.read(frame), frame);
    }
}
