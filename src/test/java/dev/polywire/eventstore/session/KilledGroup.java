package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.NakAction;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three clients of a group share events while connections are reset, stay half open and get garbage, at seeded moments. Each settles at its own pace, some events with
 * other words than an acknowledgement. In the end every event was given, and the books balance.
 */
final class KilledGroup {

    private static final int CLIENTS = 3;

    private final PersistentRoom room;
    private final Random random;
    /** Nothing is settled, so that the server falls silent. */
    private volatile boolean halted;

    private final Set<String> given = ConcurrentHashMap.newKeySet();
    /** How often clients were let in, at least. */
    private long joins;

    private final List<Worker> workers = new ArrayList<>();

    KilledGroup(PersistentRoom room, long seed) {
        this.room = room;
        this.random = new Random(seed);
    }

    void run(int events, int kills) {
        room.create(PersistentRoom.settings());
        IntStream.range(0, CLIENTS).forEach(number -> workers.add(new Worker(new Random(number), 3 + 7 * number)));
        workers.forEach(Worker::connect);
        joins = CLIENTS;
        int written = 0;
        for (int kill = 0; kill <= kills; kill++) {
            int now = kill == kills ? events - written : events / (kills + 1);
            Kill how = kill == kills ? Kill.NONE : Kill.values()[kill % Kill.NONE.ordinal()];
            halted = how == Kill.GARBAGE;
            room.write(written, now);
            written += now;
            int seen = random.nextInt(written + 1);
            await().until(() -> how == Kill.GARBAGE ? isFull() : given.size() >= seen);
            how.at(room.relay);
            long joined = joins;
            if (how != Kill.NONE) {
                joins += CLIENTS;
                await().until(() -> room.count("connected") >= joined + CLIENTS);
            }
            halted = false;
            workers.forEach(Worker::goOn);
        }
        Set<String> all = IntStream.range(0, events).mapToObj(Integer::toString).collect(Collectors.toSet());
        await().until(() -> given.equals(all)
                && workers.stream().mapToInt(Worker::unsettled).sum() == 0);
        assertEquals(
                List.of(),
                workers.stream().flatMap(each -> each.endings.stream()).toList());
        // What is tried again still comes.
        workers.forEach(Worker::close);
        room.balance();
        assertEquals(EventStoreException.Reason.NO_STREAM, room.refusal(PersistentRoom.PARKED), "nothing is parked");
    }

    /** Whether each client has as many unsettled events as it may have, so that the server sends nothing more. */
    private boolean isFull() {
        return workers.stream().allMatch(each -> each.unsettled() == each.inFlight);
    }

    private final class Worker implements PersistentConsumer.Listener {

        private final Random pace;
        private final int inFlight;
        private final List<Throwable> endings = new ArrayList<>();
        private final List<Long> later = new ArrayList<>();
        private @Nullable PersistentConsumer consumer;

        Worker(Random pace, int inFlight) {
            this.pace = pace;
            this.inFlight = inFlight;
        }

        void connect() {
            Attendance attendance = new Attendance(
                    PersistentRoom.STREAM, PersistentRoom.GROUP, inFlight, Attendance.MAX_HELD_BYTES, null);
            consumer = room.on(() ->
                    PersistentConsumer.connect(room.vertx, room.client, attendance, room.books, this, room.deadline()));
        }

        void close() {
            room.on(consumer()::close);
        }

        int unsettled() {
            return room.on(() -> Future.succeededFuture(consumer().unsettled()));
        }

        @Override
        public void event(long number, ReceivedEvent event, int retryCount) {
            given.add(event.original().data().toString());
            if (consumer == null || halted) {
                later.add(number);
            } else if (pace.nextInt(4) == 0) {
                room.vertx.setTimer(1 + pace.nextInt(5), over -> settle(number));
            } else {
                settle(number);
            }
        }

        /** What came while nothing was settled fills its place. */
        void goOn() {
            room.on(() -> {
                settleOlder();
                return Future.succeededFuture();
            });
        }

        private void settleOlder() {
            List.copyOf(later).forEach(each -> consumer().ack(each));
            later.clear();
        }

        private void settle(long number) {
            settleOlder();
            switch (pace.nextInt(20)) {
                case 0 -> consumer().nak(number, NakAction.RETRY, "again");
                case 1 -> consumer().nak(number, NakAction.SKIP, null);
                default -> consumer().ack(number);
            }
        }

        @Override
        public void ended(@Nullable RuntimeException cause) {
            endings.add(cause == null ? new IllegalStateException("closed") : cause);
        }

        private PersistentConsumer consumer() {
            return Objects.requireNonNull(consumer);
        }
    }
}
