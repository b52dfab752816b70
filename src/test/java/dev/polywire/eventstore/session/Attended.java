package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client of a group, and what it was given. */
final class Attended implements PersistentConsumer.Listener {

    /** @param data of the event */
    record Gift(long number, String data, int retryCount, ReceivedEvent event) {}

    private final PersistentRoom room;
    private final Attendance attendance;
    final List<Gift> given = new CopyOnWriteArrayList<>();
    final List<Long> lapses = new CopyOnWriteArrayList<>();
    final List<Throwable> endings = new CopyOnWriteArrayList<>();
    private @Nullable PersistentConsumer consumer;
    /** Whether each event is acknowledged when it comes. */
    volatile boolean acknowledges;

    volatile int mostUnsettled;
    private long early;

    Attended(PersistentRoom room, long maxHeldBytes, int inFlight) {
        this.room = room;
        this.attendance = new Attendance(PersistentRoom.STREAM, PersistentRoom.GROUP, inFlight, maxHeldBytes, null);
    }

    Future<PersistentConsumer> begin(EventStoreClient client) {
        return PersistentConsumer.connect(room.vertx, client, attendance, room.books, this, room.deadline());
    }

    void connect() {
        consumer = room.on(() -> begin(room.client));
    }

    PersistentConsumer consumer() {
        return Objects.requireNonNull(consumer);
    }

    <T> T with(Function<PersistentConsumer, T> what) {
        return room.on(() -> Future.succeededFuture(what.apply(consumer())));
    }

    void close() {
        room.on(() -> consumer().close());
    }

    boolean ack(long number) {
        return with(each -> each.ack(number));
    }

    /** Waits until so many were given in all. */
    void awaits(int events) {
        await().until(() -> given.size() >= events);
    }

    List<String> data() {
        return given.stream().map(Gift::data).toList();
    }

    @Override
    public void event(long number, ReceivedEvent event, int retryCount) {
        String data = event.original().data().toString();
        given.add(new Gift(number, data, retryCount, event));
        if (consumer == null) {
            // The answer to Connect, and the first events, come in one piece.
            early = number;
            return;
        }
        mostUnsettled = Math.max(mostUnsettled, consumer.unsettled());
        if (acknowledges) {
            for (long each = early == 0 ? number : 1; each <= number; each++) {
                consumer.ack(each);
            }
            early = 0;
        }
    }

    @Override
    public void lapsed(long first, long last) {
        for (long each = first; each <= last; each++) {
            lapses.add(each);
        }
    }

    @Override
    public void ended(@Nullable RuntimeException cause) {
        endings.add(cause == null ? new IllegalStateException("closed") : cause);
    }
}
