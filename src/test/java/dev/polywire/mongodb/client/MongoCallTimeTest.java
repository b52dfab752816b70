package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's time is what is left of the deadline without the way there and back. */
class MongoCallTimeTest {

    private static final HelloReply SERVER = HelloReply.read(ScriptedHello.today());
    private static final long HOUR_MILLIS = 3_600_000;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private MongoCall call(String command, long deadlineMillis, long roundTripMillis) {
        MongoCall call = new MongoCall(Documents.bson(command), Deadline.after(vertx, deadlineMillis));
        call.timed(() -> roundTripMillis);
        return call;
    }

    private static BsonDocument sent(MongoCall call) {
        return Documents.parsed(((OpMsg) call.takeRequest(SERVER)).body());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_000_000})
    void withoutTheRoundTrip(long roundTripMillis) {
        long millis = sent(call("{ping: 1, $db: 'd'}", HOUR_MILLIS, roundTripMillis))
                .getInt64("maxTimeMS")
                .getValue();
        assertTrue(
                millis <= HOUR_MILLIS - roundTripMillis && millis > HOUR_MILLIS - roundTripMillis - 600_000,
                () -> millis + " ms");
    }

    @Test
    void nothingIsLeft() {
        MongoCall call = call("{ping: 1, $db: 'd'}", HOUR_MILLIS, HOUR_MILLIS);
        CallException unsent = assertThrows(CallException.class, () -> call.takeRequest(SERVER));
        assertEquals(CallException.Reason.UNAVAILABLE, unsent.reason());
        assertEquals("not sent by the deadline: a round trip takes all that is left (3600000 ms)", unsent.getMessage());
    }

    /** A command that has its own limit, or none, is sent while there is time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ping: 1, $db: 'd', maxTimeMS: 3}",
                "{getMore: 1, collection: 'c', $db: 'd'}",
                "{killCursors: 'c', cursors: [], $db: 'd'}"
            })
    void othersAreSentAsTheyAre(String command) {
        assertEquals(BsonDocument.parse(command), sent(call(command, HOUR_MILLIS, HOUR_MILLIS)));
    }

    @Test
    void noLimitIsAddedUnasked() {
        MongoCall call = new MongoCall(Documents.bson("{ping: 1, $db: 'd'}"), Deadline.after(vertx, HOUR_MILLIS));
        assertFalse(sent(call).containsKey("maxTimeMS"));
    }
}
