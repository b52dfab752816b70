package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The events that a group has taken from its stream, or takes up again, and has not given to a client yet. It reads ahead while there is
 * room; when it is full, it falls behind, and reads on from the stream later.
 */
final class GroupBuffer {

    /** What has become of an event that was offered. */
    enum Taken {
        SENT,
        SKIPPED,
        NO_MORE
    }

    /** Read at a time, whatever a client wants: a page is held twice for a moment. */
    private static final int MAX_PAGE = 1_000;

    private final StreamStore store;
    private final String stream;
    private final boolean resolveLinks;
    private final int bufferSize;
    private final int readBatchSize;
    private final HeldEvents.Share held;
    private final ConsumerStrategy strategy;
    private final List<GroupMessage> retries = new ArrayList<>();
    private final List<GroupMessage> buffer = new ArrayList<>();
    private long next;
    private boolean behind;

    /** @param from number of the first event; below 0: the next one that is written */
    GroupBuffer(
            StreamStore store, GroupSettings settings, ConsumerStrategy strategy, long from, HeldEvents.Share held) {
        this.store = store;
        this.stream = settings.stream();
        this.resolveLinks = settings.resolveLinks();
        this.bufferSize = settings.bufferSize();
        this.readBatchSize = settings.readBatchSize();
        this.held = held;
        this.strategy = strategy;
        this.behind = from >= 0;
        this.next = behind ? from : after(store.lastNumber(stream));
    }

    /** An event was written to the stream; tells whether it was taken. */
    boolean written(StoredEvent event) {
        if (behind || event.number() < next) {
            return false;
        }
        if (buffer.size() < bufferSize && !held.isFull()) {
            add(event);
        } else {
            behind = true;
            next = event.number();
        }
        return !behind;
    }

    /** Reads from the stream, as long as there is room for a batch; tells whether it has read something. */
    boolean readAhead() {
        int before = buffer.size();
        while (behind
                && readBatchSize > 0
                && (long) bufferSize - retries.size() - buffer.size() > readBatchSize
                && !held.isFull()) {
            List<StoredEvent> page = store.page(stream, next, Math.min(Math.min(readBatchSize, MAX_PAGE), held.room()));
            page.forEach(this::add);
            behind = !page.isEmpty();
        }
        return buffer.size() > before;
    }

    /** Takes up an event again, before those with higher numbers. */
    void retry(GroupMessage message) {
        int at = retries.size();
        while (at > 0
                && retries.get(at - 1).source().number() > message.source().number()) {
            at--;
        }
        retries.add(at, message);
    }

    /** Offers what there is, first what is taken up again, and forgets what was sent. */
    void offer(Function<GroupMessage, Taken> to) {
        if (offer(retries, to)) {
            offer(buffer, to);
        }
    }

    private static boolean offer(List<GroupMessage> messages, Function<GroupMessage, Taken> to) {
        int skipped = 0;
        int tried = 0;
        Taken taken = Taken.SENT;
        while (tried < messages.size() && taken != Taken.NO_MORE) {
            GroupMessage message = messages.get(tried);
            taken = to.apply(message);
            if (taken == Taken.SKIPPED) {
                messages.set(skipped++, message);
            }
            tried += taken == Taken.NO_MORE ? 0 : 1;
        }
        messages.subList(skipped, tried).clear();
        return taken != Taken.NO_MORE;
    }

    private void add(StoredEvent event) {
        held.take();
        Resolved resolved = resolveLinks ? store.resolve(event) : Resolved.plain(event);
        buffer.add(new GroupMessage(resolved, strategy.pin(resolved), 0, false));
        next = after(event.number());
    }

    /** Nothing follows a tombstone. */
    private static long after(long number) {
        return number == StoredEvent.TOMBSTONE ? StoredEvent.TOMBSTONE : number + 1;
    }
}
