package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamStore;
import java.nio.charset.StandardCharsets;

/** What links lead to, {@code number@stream}. Nobody asks whether the subscriber may read it. */
final class LinkTargets {

    static final String LINK = "$>";

    private final StreamStore store;
    private final ServerVersion version;

    LinkTargets(StreamStore store, ServerVersion version) {
        this.store = store;
        this.version = version;
    }

    /** An event as it is, or a link with its target, if there is one. */
    GroupMessage resolve(StoredEvent event) {
        if (!event.type().equals(LINK)) {
            return new GroupMessage(event, null, 0, false);
        }
        String data = event.data().toString(StandardCharsets.UTF_8);
        int at = data.indexOf('@');
        try {
            long number = Long.parseLong(data.substring(0, Math.max(at, 0)));
            return new GroupMessage(store.event(data.substring(at + 1), number), event, 0, false);
        } catch (NumberFormatException noLink) {
            boolean plain = version.isAtLeast(ServerVersion.V5_0_11);
            return plain ? new GroupMessage(event, null, 0, false) : new GroupMessage(null, event, 0, false);
        }
    }
}
