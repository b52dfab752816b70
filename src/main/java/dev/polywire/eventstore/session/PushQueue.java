package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.Position;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Predicate;

/** What a server has pushed and nobody has pulled, in order, with the places up to which it has looked. */
final class PushQueue {

    private final FlowLimits limits;
    /** A place is an entry with nothing else. */
    private final ArrayDeque<ReceivedEvent> entries = new ArrayDeque<>();

    private long bytes;

    PushQueue(FlowLimits limits) {
        this.limits = limits;
    }

    /** @return false: it is full, and the event is not there */
    boolean add(ReceivedEvent event) {
        if (entries.size() >= limits.maxQueuedEvents() || bytes >= limits.maxQueuedBytes()) {
            return false;
        }
        entries.add(event);
        bytes += EventBytes.of(event);
        return true;
    }

    /** In place of the one before, if nothing came between. */
    void checkpoint(Position position) {
        ReceivedEvent newest = entries.peekLast();
        if (newest != null && isPlace(newest)) {
            remove(entries.removeLast());
        }
        ReceivedEvent place = new ReceivedEvent(null, null, position);
        entries.add(place);
        bytes += EventBytes.of(place);
    }

    /** Moves events to a reader. @param fresh whether an event, or a place, was not passed before */
    void take(Handful to, Predicate<ReceivedEvent> fresh) {
        while (!entries.isEmpty() && to.goesOn()) {
            ReceivedEvent entry = entries.remove();
            remove(entry);
            if (fresh.test(entry)) {
                if (isPlace(entry)) {
                    to.passed(Resume.behind(Objects.requireNonNull(entry.position())));
                } else {
                    to.add(entry);
                }
            }
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    private void remove(ReceivedEvent entry) {
        bytes -= EventBytes.of(entry);
    }

    private static boolean isPlace(ReceivedEvent entry) {
        return entry.event() == null && entry.link() == null;
    }
}
