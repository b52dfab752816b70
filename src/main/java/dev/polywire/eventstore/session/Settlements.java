package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gathers what is to be said of events, so that few packages say it. */
final class Settlements {

    /** As .NET's client. A server refuses none for its number of ids. */
    static final int MAX_IDS = 2_000;

    /**
     * What is said of an event.
     *
     * @param action null: it was processed
     * @param reason for people; null: none
     */
    record Word(@Nullable NakAction action, @Nullable String reason) {
        static final Word ACK = new Word(null, null);
    }

    /** Some events, all in one package. */
    record Package(Word word, List<Buffer> ids) {

        PersistentMessage message(String subscriptionId) {
            NakAction action = word.action();
            return action == null
                    ? new PersistentMessage.PersistentSubscriptionAckEvents(subscriptionId, ids)
                    : new PersistentMessage.PersistentSubscriptionNakEvents(
                            subscriptionId, ids, word.reason(), action.ordinal());
        }
    }

    private final Map<Word, List<Buffer>> gathered = new LinkedHashMap<>();
    private int count;

    /** @return whether it is the first one since the last {@link #take} or {@link #clear} */
    boolean add(UUID eventId, Word word) {
        gathered.computeIfAbsent(word, first -> new ArrayList<>()).add(DotNetGuid.bytes(eventId));
        return count++ == 0;
    }

    /** All of them, from the first kind of word to the last. */
    List<Package> take() {
        List<Package> packages = new ArrayList<>();
        gathered.forEach((word, ids) -> {
            for (int from = 0; from < ids.size(); from += MAX_IDS) {
                packages.add(new Package(word, List.copyOf(ids.subList(from, Math.min(ids.size(), from + MAX_IDS)))));
            }
        });
        clear();
        return packages;
    }

    /** @return how many were forgotten */
    int clear() {
        int forgotten = count;
        gathered.clear();
        count = 0;
        return forgotten;
    }
}
