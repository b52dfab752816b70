package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.session.EventFlow.Events;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader who waits, and a shelf on which something happens while it is taken from. */
@Timeout(60)
class PullDeskTest {

    private static final Resume THERE = Resume.at(7);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Has a place once it was put there, and does something when it is taken from for the first time. */
    private static final class BusyShelf implements PullDesk.Shelf {

        final PullDesk desk = new PullDesk(this);
        final Runnable meanwhile;
        boolean full;
        int takes;

        BusyShelf(Consumer<BusyShelf> meanwhile) {
            this.meanwhile = () -> meanwhile.accept(this);
        }

        @Override
        public Events take(int max, int maxBytes) {
            boolean was = full;
            full = false;
            if (takes++ == 0) {
                meanwhile.run();
            }
            return was ? new Events(List.of(), THERE, false) : null;
        }

        @Override
        public boolean isEmpty() {
            return !full;
        }

        @Override
        public Resume place() {
            return null;
        }

        @Override
        public void broken(RuntimeException why) {
            full = false;
            desk.end(why);
        }
    }

    private Future<Events> pull(Consumer<BusyShelf> meanwhile) {
        return Outcome.on(context, () -> Future.succeededFuture(new BusyShelf(meanwhile).desk.pull(1, 1)));
    }

    @Test
    void whatIsPutThereMeanwhileIsGiven() {
        Events given = Outcome.value(pull(shelf -> {
            shelf.full = true;
            shelf.desk.serve();
        }));
        assertEquals(THERE, given.resume());
        assertFalse(given.done());
    }

    @Test
    void anEndMeanwhileIsTheEnd() {
        assertTrue(Outcome.value(pull(shelf -> shelf.desk.end(null))).done());
        IllegalStateException why = new IllegalStateException("over");
        assertSame(why, Outcome.failure(pull(shelf -> shelf.desk.end(why))));
    }

    @Test
    void whatBreaksIsTheFailure() {
        IllegalStateException why = new IllegalStateException("broken");
        assertSame(why, Outcome.failure(pull(shelf -> {
            throw why;
        })));
    }

    @Test
    void whoHasGoneMeanwhileWaitsNoLonger() {
        assertFalse(pull(shelf -> shelf.desk.close()).isComplete());
    }
}
