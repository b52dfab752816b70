package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of the connection of a cursor's own when the caller of its find gives up. */
class FindGivenUpTest {

    /** A late answer could come for an hour. */
    private static final long AN_HOUR = 3_600_000;

    /** Ends a deadline in the moment between its connection and its sending. */
    private static final class EndsInTime implements Spi {

        final AtomicReference<Deadline> deadline = new AtomicReference<>();

        @Override
        public Object queued(String protocol, String operation, Object request) {
            Deadline ending = deadline.getAndSet(null);
            if (ending != null) {
                ending.end();
            }
            return null;
        }
    }

    @Test
    void notSent() {
        EndsInTime spi = new EndsInTime();
        try (CursorRoom room = new CursorRoom(AN_HOUR, 0, spi)) {
            Deadline deadline = room.deadline();
            spi.deadline.set(deadline);
            assertEquals("UNAVAILABLE", CursorRoom.reason(room.open(true, deadline)));
            assertEquals(2, room.stage.nextGone().number());
        }
    }

    /** It is kept until the answer is there, whose cursor is killed. */
    @Test
    void sent() {
        try (CursorRoom room = new CursorRoom(AN_HOUR, 0, Spi.NONE)) {
            Deadline deadline = room.deadline();
            Future<CursorStream> opening = room.open(true, deadline);
            Asked find = room.stage.next("find");
            room.loop.run(deadline::end);
            assertEquals("TIMEOUT", CursorRoom.reason(opening));
            find.reply(OpenedCursor.FIRST);
            assertEquals(1, OpenedCursor.assertKilled(room.stage));
            assertEquals(2, room.stage.nextGone().number());
        }
    }

    /** And no longer than the time for that. */
    @Test
    void sentAndNotAnswered() {
        try (CursorRoom room = new CursorRoom(50, 0, Spi.NONE)) {
            Deadline deadline = room.deadline();
            Future<CursorStream> opening = room.open(true, deadline);
            room.stage.next("find");
            room.loop.run(deadline::end);
            assertEquals("TIMEOUT", CursorRoom.reason(opening));
            assertEquals(2, room.stage.nextGone().number());
            assertEquals(0, room.loop.call(() -> room.client.pool().dedicated()));
            Loop.await(room.loop.call(room.client::close));
        }
    }
}
