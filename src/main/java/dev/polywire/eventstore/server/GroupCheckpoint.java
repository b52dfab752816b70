package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import org.jspecify.annotations.Nullable;

/** How far a group has come, in a stream of its own: each event is the number of an event, before which all are settled. */
final class GroupCheckpoint {

    /** There is none. */
    static final long NONE = -1;

    private static final String TYPE = "SubscriptionCheckpoint";

    private final SystemStream stream;
    private final PersistentSubscriptionSettings settings;
    private long written;
    private long nextMillis = Long.MIN_VALUE;

    GroupCheckpoint(StreamStore store, GroupSettings settings) {
        this.stream = new SystemStream(store, "$persistentsubscription-" + settings.key() + "-checkpoint");
        this.settings = settings.asked();
        this.written = read(stream.last());
    }

    /** The number of the last event that needs not be given again; {@link #NONE}. */
    long written() {
        return written;
    }

    /** All events up to a number are settled: writes that down if there are enough of them, or enough and late enough. */
    void reached(long number, boolean everySecond, long nowMillis) {
        long settled = number - written;
        boolean many = settled >= settings.checkpointMaxCount();
        boolean late = everySecond && settled >= settings.checkpointMinCount() && nowMillis >= nextMillis;
        // The server writes the same number again and again where a count is 0: that would fill the store.
        if (settled > 0 && (many || late)) {
            written = number;
            nextMillis = nowMillis + settings.checkpointAfterTime();
            stream.write(TYPE, NewEvent.JSON, Long.toString(number), "");
        }
    }

    void delete() {
        stream.delete();
    }

    private static long read(@Nullable StoredEvent last) {
        try {
            return last == null
                    ? NONE
                    : Math.max(NONE, Long.parseLong(last.data().toString()));
        } catch (NumberFormatException notTheServers) {
            return NONE;
        }
    }
}
