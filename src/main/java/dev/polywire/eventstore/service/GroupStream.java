package dev.polywire.eventstore.service;

import dev.polywire.core.bus.binding.HeldSource;
import dev.polywire.core.bus.stream.ItemQueue;
import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.session.Attendance;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.PersistentBooks;
import dev.polywire.eventstore.session.PersistentConsumer;
import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.wire.NakAction;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A client of a group as a stream whose items are settled. Events wait here until the reader pulls.
 *
 * <pre>
 *   server --event--> waiting --pull--> reader --settle--> server, which gives more
 *          at most inFlight, and about maxHeldBytes, in all
 * </pre>
 */
final class GroupStream implements HeldSource, PersistentConsumer.Listener {

    private static final List<String> ACTIONS = List.of("retry", "park", "skip", "stop");

    /**
     * An event that waits, or is with the reader.
     *
     * @param item made on arrival, since the receive buffer belongs to the connection
     * @param number the consumer's
     * @param atMillis when it came
     */
    private record GroupItem(Object item, long heldBytes, long number, long atMillis) implements ItemQueue.Entry {}

    private final Vertx vertx;
    private final StreamForm form;
    private final boolean text;
    /** How long an item may be kept that nobody works on; {@link Long#MAX_VALUE}: for ever. */
    private final long mayKeepMillis;

    private final ItemQueue<GroupItem> waiting;
    /** Items that were pulled and are not settled, by their numbers. */
    private final Map<Long, GroupItem> given = new HashMap<>();
    /** Their numbers, by those of the consumer. */
    private final Map<Long, Long> items = new HashMap<>();

    private long gave;
    private @Nullable PersistentConsumer consumer;
    private @Nullable Throwable failure;
    private @Nullable Handler<Throwable> cutHandler;
    private LapseHandler lapseHandler = (first, last) -> {};
    private boolean closed;

    private GroupStream(Vertx vertx, StreamForm form, boolean text, long mayKeepMillis) {
        this.vertx = vertx;
        this.form = form;
        this.text = text;
        this.mayKeepMillis = mayKeepMillis;
        this.waiting = new ItemQueue<>(vertx, this::taken, () -> {});
    }

    /**
     * Connects to the group.
     *
     * @param text whether data that are no JSON are given as text
     * @param mayKeepMillis how long a binding may keep an item that nobody works on; {@link Long#MAX_VALUE}: for ever
     */
    static Future<GroupStream> open(
            Vertx vertx,
            EventStoreClient client,
            Attendance attendance,
            PersistentBooks books,
            StreamForm form,
            boolean text,
            long mayKeepMillis,
            Deadline deadline) {
        GroupStream stream = new GroupStream(vertx, form, text, mayKeepMillis);
        return PersistentConsumer.connect(vertx, client, attendance, books, stream, deadline)
                .map(begun -> {
                    stream.consumer = begun;
                    return stream;
                });
    }

    @Override
    public long heldBytes() {
        return waiting.heldBytes();
    }

    @Override
    public Future<Page> pull(int most, int mostBytes) {
        return waiting.pull(most, mostBytes);
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return consumer().close();
    }

    @Override
    public List<String> actions() {
        return ACTIONS;
    }

    @Override
    public void cutHandler(Handler<Throwable> handler) {
        cutHandler = handler;
        if (failure != null) {
            handler.handle(failure);
        }
    }

    @Override
    public void lapseHandler(LapseHandler handler) {
        lapseHandler = handler;
    }

    @Override
    public boolean acknowledge(long item) {
        GroupItem settled = settled(item);
        return settled != null && consumer().ack(settled.number());
    }

    @Override
    public boolean reject(long item, Rejection how) {
        GroupItem settled = settled(item);
        return settled != null && consumer().nak(settled.number(), action(how), how.reason());
    }

    private static NakAction action(Rejection how) {
        String said = how.action();
        if (said == null) {
            return how.requeue() ? NakAction.RETRY : NakAction.PARK;
        }
        return NakAction.valueOf(said.toUpperCase(Locale.ROOT));
    }

    /** The protocol has no word for one event that nobody has tried: it goes back when the client leaves, which follows. */
    @Override
    public boolean giveBack(long item) {
        return given.containsKey(item);
    }

    @Override
    public long leftMillis(long item) {
        GroupItem kept = given.containsKey(item) ? given.get(item) : waiting.peek();
        if (kept == null || mayKeepMillis == Long.MAX_VALUE) {
            return mayKeepMillis;
        }
        long agedMillis = HeldSource.nowMillis() - kept.atMillis();
        return mayKeepMillis - agedMillis;
    }

    /** Who leaves and comes again has tried nothing, however often: the server says 1 then, and parks nothing. */
    @Override
    public void giveOne(LongStream back) {
        back.forEach(this::settled);
        consumer().again(1);
    }

    @Override
    public void giveAll() {
        consumer().again();
    }

    @Override
    public void event(long number, ReceivedEvent event, int retryCount) {
        Object item = form == StreamForm.RAW
                ? RawGroupEvent.of(event, retryCount)
                : EventJson.of(event, text).put("retryCount", retryCount);
        waiting.add(new GroupItem(item, JsonWeight.of(item), number, HeldSource.nowMillis()));
    }

    @Override
    public void lapsed(long first, long last) {
        List<GroupItem> all = waiting.clear();
        waiting.addFirst(all.stream()
                .filter(each -> each.number() < first || each.number() > last)
                .toList());
        if (first == last) {
            Long item = items.get(first);
            if (item != null) {
                settled(item);
                tellLapsed(item, item);
            }
        } else if (!given.isEmpty()) {
            given.clear();
            items.clear();
            tellLapsed(1, gave);
        }
    }

    /** In a turn of its own: whoever is told may be in the middle of giving back. */
    private void tellLapsed(long first, long last) {
        vertx.runOnContext(turn -> {
            if (!closed) {
                lapseHandler.lapsed(first, last);
            }
        });
    }

    @Override
    public void ended(@Nullable RuntimeException cause) {
        if (cause == null) {
            waiting.end();
            return;
        }
        failure = cause;
        waiting.fail(cause);
        if (cutHandler != null) {
            // A binding that has paused does not ask.
            cutHandler.handle(cause);
        }
    }

    private void taken(GroupItem next) {
        gave++;
        given.put(gave, next);
        items.put(next.number(), gave);
    }

    /** Null: it has lapsed. */
    private @Nullable GroupItem settled(long item) {
        GroupItem found = given.remove(item);
        if (found != null) {
            items.remove(found.number());
        }
        return found;
    }

    private PersistentConsumer consumer() {
        return Objects.requireNonNull(consumer);
    }
}
