package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server with documents of 100 bytes and batches of 3: what of each kind of request it is not sent. */
class ServerSizesTest {

    private static final Buffer FITS = document(100);
    private static final Buffer LONG = document(101);
    private static final String TOO_LONG = "document of documents: 101 bytes (expected: <= 100)";

    /** @param refused null: it is sent */
    record Row(MongoMessage request, @Nullable String refused) {

        @Override
        public String toString() {
            return request + (refused == null ? "" : ", " + refused);
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(insert(3, FITS), null),
                new Row(insert(1, LONG), TOO_LONG),
                new Row(insert(4, FITS), "documents: 4 documents (expected: <= 3)"),
                new Row(new OpUpdate("d.c", 0, LONG, FITS), null),
                new Row(new OpUpdate("d.c", 0, FITS, LONG), TOO_LONG),
                new Row(
                        new OpUpdate("d.c", 0, document(16_485), FITS),
                        "document of selector: 16485 bytes (expected: <= 16484)"),
                new Row(new OpDelete("d.c", 0, FITS), null),
                new Row(inBody("insert", "documents", 3, FITS), null),
                new Row(inBody("insert", "documents", 1, LONG), TOO_LONG),
                new Row(inBody("insert", "documents", 4, FITS), "documents: 4 documents (expected: <= 3)"),
                new Row(inBody("update", "updates", 3, LONG), null),
                new Row(inBody("update", "updates", 4, FITS), "updates: 4 documents (expected: <= 3)"),
                new Row(inBody("delete", "deletes", 4, FITS), "deletes: 4 documents (expected: <= 3)"),
                new Row(inBody("find", "documents", 4, LONG), null));
    }

    private static Buffer document(int bytes) {
        Buffer smallest = Documents.bson("{a: ''}");
        return Documents.bson("{a: '" + "x".repeat(bytes - smallest.length()) + "'}");
    }

    private static MongoMessage insert(int count, Buffer document) {
        return new OpInsert(0, "d.c", Collections.nCopies(count, document));
    }

    /** A bulk that a caller has put into the body itself. */
    private static MongoMessage inBody(String name, String field, int count, Buffer document) {
        List<String> documents =
                Collections.nCopies(count, Documents.parsed(document).toJson());
        return new OpMsg(Documents.bson("{" + name + ": 'c', " + field + ": " + documents + ", $db: 'd'}"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatIsTooMuchIsNotSent(Row row) {
        MongoClientMachine client = new Conversation()
                .answerHello(Documents.hello("maxBsonObjectSize: 100, maxWriteBatchSize: 3, maxWireVersion: 13"))
                .client;
        if (row.refused() == null) {
            assertEquals(2, client.send(row.request()));
            return;
        }
        ProtocolException refused = assertThrows(ProtocolException.class, () -> client.send(row.request()));
        assertEquals(row.refused(), refused.getMessage());
        assertEquals(ProtocolException.Kind.LIMIT, refused.kind());
        assertEquals(0, client.outputBytes());
        assertEquals(MongoState.READY, client.state());
    }
}
