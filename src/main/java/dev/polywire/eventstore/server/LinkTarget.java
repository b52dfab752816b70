package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/** Where a link leads: {@code 17@stream}. */
record LinkTarget(String stream, long number) {

    /** Null: the event is no link, whatever its type says. */
    static @Nullable LinkTarget of(StoredEvent event) {
        if (!event.type().equals("$>")) {
            return null;
        }
        String data = event.data().toString();
        int at = data.indexOf('@');
        if (at <= 0) {
            return null;
        }
        try {
            return new LinkTarget(data.substring(at + 1), Long.parseLong(data.substring(0, at)));
        } catch (NumberFormatException none) {
            return null;
        }
    }
}
