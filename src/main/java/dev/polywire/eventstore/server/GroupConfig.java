package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NewEvent;
import java.util.Collection;
import java.util.function.LongSupplier;

/** What groups there are, as the server writes it down after each change. */
final class GroupConfig {

    private final SystemStream stream;
    private final LongSupplier epochMillis;

    GroupConfig(StreamStore store, LongSupplier epochMillis) {
        this.stream = new SystemStream(store, "$persistentSubscriptionConfig");
        this.epochMillis = epochMillis;
    }

    /** @param user who has changed something */
    void write(String user, Collection<GroupSettings> groups) {
        IndentedJson config = new IndentedJson()
                .with("version", "2")
                .with("updated", SystemStream.moment(epochMillis.getAsLong()))
                .with("updatedBy", user)
                .with("entries", groups.stream().map(GroupSettings::entry).toList());
        stream.write("PersistentConfig1", NewEvent.JSON, config.toString(), "");
    }
}
