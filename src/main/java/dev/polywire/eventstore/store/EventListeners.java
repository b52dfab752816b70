package dev.polywire.eventstore.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/** Who hears of events: all of each before anybody of the next, although they may write in between. */
final class EventListeners {

    private final List<Consumer<StoredEvent>> all = new ArrayList<>();
    private final Queue<StoredEvent> untold = new ArrayDeque<>();
    private boolean telling;

    void add(Consumer<StoredEvent> listener) {
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
                for (Consumer<StoredEvent> listener : List.copyOf(all)) {
                    listener.accept(event);
                }
            }
        } finally {
            telling = false;
        }
    }
}
