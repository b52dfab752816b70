package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.wire.CursorReply;
import dev.polywire.mongodb.wire.Documents;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** A server that says nothing more, on a connection that nobody writes to. */
class SilentExhaustTest {

    @Test
    void readerThatWaitsInVain() {
        try (CursorRoom room = new CursorRoom(100)) {
            CursorStream stream = room.read(true);
            Future<StreamSource.Page> second = room.pull(stream);
            Asked getMore = room.stage.next("getMore");
            assertEquals("TIMEOUT", CursorRoom.reason(second));
            assertEquals(getMore.peer(), room.stage.nextGone());
            assertEquals("TIMEOUT", CursorRoom.reason(room.pull(stream)));
        }
    }

    /** Then the silence is ours. */
    @Test
    void connectionThatIsNotRead() {
        try (CursorRoom room = new CursorRoom(20)) {
            MongoConnection own =
                    room.loop.join(() -> room.client.dedicated(Deadline.after(room.loop.vertx(), Stage.A_MINUTE)));
            CursorReply first = CursorReply.read(Documents.bson(OpenedCursor.FIRST));
            Future<Buffer> next = room.loop.call(() -> {
                Future<Buffer> asked = new ExhaustCursor(
                                room.loop.vertx(),
                                own,
                                new CursorCalls(room.loop.vertx(), room.client, first, 20, () -> {}))
                        .next(5, null);
                own.hold(true);
                return asked;
            });
            room.stage.next("getMore");
            // Timers of one loop fire in their order: three of ours have by then.
            room.loop.join(() -> room.loop.vertx().timer(90).mapEmpty());
            assertFalse(next.isComplete());
            room.loop.run(() -> own.hold(false));
            assertEquals("TIMEOUT", CursorRoom.reason(next));
        }
    }
}
