package dev.polywire.mongodb.wire;

import static dev.polywire.mongodb.wire.Documents.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hostile server can send to a client that is ready, and what each does to it, however it is cut. */
class MongoHostileTest {

    private static final AbuseVectors ABUSE = AbuseVectors.of("mongo");
    private static final Vectors NEGATIVE = Vectors.read("mongo-negative.txt");

    static Stream<HostileReplies.Row> rows() {
        return HostileReplies.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void outcome(HostileReplies.Row row) {
        assertEquals(row.outcome(), outcome(List.of(row.bytes())));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isTheSameWhereverItIsCut(HostileReplies.Row row) {
        Cuts.positions(row.bytes().length())
                .forEach(at -> assertEquals(row.outcome(), outcome(Cuts.at(row.bytes(), at)), () -> "cut at " + at));
    }

    @Test
    void tooManyDocuments() {
        assertEquals("LIMIT", outcome(List.of(HostileReplies.tooManyDocuments())));
    }

    /** Our check answers for the library, which has not seen the document. */
    @ParameterizedTest
    @CsvSource({
        "M17, document length: 4 (expected: 5 to 5)",
        "M21, string length: 4096 (expected: 1 to 2)",
        "M23, binary length: 4096 (expected: 0 to 0)",
        "M28 nested 201, nesting: 201 (expected: <= 200)"
    })
    void badDocumentsAreNotGivenToTheLibrary(String id, String complaint) {
        HostileReplies.Row row =
                rows().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
        List<MongoEvent> events = Conversation.ready().events(row.bytes());
        MongoEvent.Undecodable bad = assertInstanceOf(MongoEvent.Undecodable.class, events.get(0));
        assertEquals(complaint, bad.cause().getMessage());
    }

    @Test
    void everyVectorIsInATable() {
        List<String> known = rows().map(HostileReplies.Row::id).toList();
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
}
