package dev.polywire.eventstore.session;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events that a client of a group has and has not settled, in the order of their numbers. */
final class UnsettledEvents {

    private record HeldEvent(long number, UUID eventId, long bytes) {}

    private final Map<Long, HeldEvent> byNumber = new LinkedHashMap<>();
    private final Map<UUID, HeldEvent> byId = new HashMap<>();
    private long heldBytes;

    void add(long number, UUID eventId, long bytes) {
        HeldEvent added = new HeldEvent(number, eventId, bytes);
        byNumber.put(number, added);
        byId.put(eventId, added);
        heldBytes += bytes;
    }

    /** The number of an event; 0: there is none. */
    long number(UUID eventId) {
        HeldEvent found = byId.get(eventId);
        return found == null ? 0 : found.number();
    }

    /** The oldest one; there must be one. */
    long oldest() {
        Iterator<Long> all = byNumber.keySet().iterator();
        return all.next();
    }

    /** @return its id; null: it is not among them */
    @Nullable
    UUID remove(long number) {
        HeldEvent removed = byNumber.remove(number);
        if (removed == null) {
            return null;
        }
        byId.remove(removed.eventId());
        heldBytes -= removed.bytes();
        return removed.eventId();
    }

    int size() {
        return byNumber.size();
    }

    long heldBytes() {
        return heldBytes;
    }

    /** @return how many there were */
    int clear() {
        int forgotten = byNumber.size();
        byNumber.clear();
        byId.clear();
        heldBytes = 0;
        return forgotten;
    }
}
