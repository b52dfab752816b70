package dev.polywire.eventstore.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Who hears of events: all of each before anybody of the next, although they may write in between. */
final class EventListeners {

    private final List<StoreListener> all = new ArrayList<>();
    private final Queue<StoredEvent> untold = new ArrayDeque<>();
    private boolean telling;

    void add(StoreListener listener) {
        all.add(listener);
    }

    void committed(StoredEvent event) {
        untold.add(event);
    }

    /** Nothing where it is being told already. */
    void tell() {
        if (telling) {
            return;
        }
        telling = true;
        try {
            for (StoredEvent event = untold.poll(); event != null; event = untold.poll()) {
                for (StoreListener listener : List.copyOf(all)) {
                    listener.committed(event);
                }
            }
        } finally {
            telling = false;
            List.copyOf(all).forEach(StoreListener::told);
        }
    }
}
