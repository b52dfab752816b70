package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message as output is the same bytes as the message in one piece, however they are cut. */
class OpMsgOutputTest {

    private static final int LIMIT_BYTES = 1_000_000;

    /** Pieces from 8 KiB on stand alone; their ends are where the others begin. */
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 0, 1",
        "0, 10, 2, 10, 1",
        "0, 10, 3, 9000, 5",
        "0, 9000, 0, 0, 2",
        "0, 9000, 1, 10, 3",
        "0, 9000, 2, 9000, 6",
        "0, 10, 5000, 10, 2",
        "1, 9000, 2, 9000, 1",
        "65536, 10, 1, 10, 1"
    })
    void sameBytes(int flagBits, int bodyBytes, int documents, int documentBytes, int pieces) {
        List<DocumentSequence> sequences = documents == 0
                ? List.of()
                : List.of(
                        new DocumentSequence("documents", Collections.nCopies(documents, text(documentBytes))),
                        new DocumentSequence("nö", List.of()));
        OpMsg message = new OpMsg(flagBits, text(bodyBytes), sequences);
        OutputQueue out = new OutputQueue();
        message.write(out, 7, LIMIT_BYTES);
        Buffer joined = Buffer.buffer();
        int count = 0;
        for (Buffer piece = out.take(); piece != null; piece = out.take()) {
            joined.appendBuffer(piece);
            count++;
        }
        assertEquals(message.write(7, 0, LIMIT_BYTES), joined);
        assertEquals(joined.length(), message.messageBytes());
        assertEquals(pieces, count);
    }

    /** Nothing of a message that cannot be sent is in the output. */
    @Test
    void allOrNothing() {
        OutputQueue out = new OutputQueue();
        OpMsg large = new OpMsg(text(1_000));
        OpMsg unnamed = new OpMsg(0, text(10), List.of(new DocumentSequence("a\0", List.of())));
        assertThrows(ProtocolException.class, () -> large.write(out, 7, 1_000));
        assertThrows(ProtocolException.class, () -> unnamed.write(out, 7, LIMIT_BYTES));
        assertNull(out.take());
    }

    private static Buffer text(int bytes) {
        return Documents.bson(new BsonDocument("a", new BsonString("x".repeat(bytes))));
    }
}
