package dev.polywire.eventstore.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events that clients of a group have been given and have not settled, and the numbers of all that are not settled. */
final class EventsInFlight {

    /**
     * One of them.
     *
     * @param dueMillis when it is taken back
     */
    record InFlight(GroupMessage message, GroupClient client, long dueMillis) {}

    /** In the order in which they were given, which is that in which they are due, since all have the same time. */
    private final Map<UUID, InFlight> byId = new LinkedHashMap<>();

    private final TreeSet<Long> unsettled = new TreeSet<>();
    private long lastGiven = GroupCheckpoint.NONE;

    boolean has(UUID id) {
        return byId.containsKey(id);
    }

    @Nullable
    InFlight get(UUID id) {
        return byId.get(id);
    }

    void given(GroupMessage message, GroupClient client, long dueMillis) {
        byId.put(message.id(), new InFlight(message, client, dueMillis));
        waits(message);
        if (!message.replayed()) {
            lastGiven = Math.max(lastGiven, message.received().number());
        }
    }

    /** It is given later, although others behind it may be given before. */
    void waits(GroupMessage message) {
        if (!message.replayed()) {
            unsettled.add(message.received().number());
        }
    }

    /** It is given again later. */
    void takenBack(GroupMessage message) {
        byId.remove(message.id());
    }

    /** It is done with. */
    void settled(GroupMessage message) {
        byId.remove(message.id());
        passedOver(message);
    }

    /** It is not given, not again, and not waited for. */
    void passedOver(GroupMessage message) {
        if (!message.replayed()) {
            unsettled.remove(message.received().number());
        }
    }

    /** Those that are due at a moment. */
    List<InFlight> due(long nowMillis) {
        List<InFlight> due = new ArrayList<>();
        for (InFlight each : byId.values()) {
            if (each.dueMillis() > nowMillis) {
                break;
            }
            due.add(each);
        }
        return due;
    }

    /** Those of some clients, in the order of their numbers. */
    List<InFlight> of(Collection<GroupClient> clients) {
        return byId.values().stream()
                .filter(each -> clients.contains(each.client()))
                .sorted(Comparator.comparingLong(
                        each -> each.message().received().number()))
                .toList();
    }

    /** The number up to which all are settled; {@link GroupCheckpoint#NONE}. */
    long settledUpTo() {
        return unsettled.isEmpty() ? lastGiven : unsettled.first() - 1;
    }
}
