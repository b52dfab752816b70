package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.EventFilter;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NewEvent;
import java.util.List;

/** What no client may ask: a request that breaks one of these is a bad one, whoever sends it. */
final class RequestRules {

    private static final int ID_BYTES = 16;

    private static final long STREAM_EXISTS = -4;
    private static final long LAST_EVENT = -1;

    private RequestRules() {}

    static String stream(String id) {
        require(!id.isEmpty());
        return id;
    }

    static void requireVersion(long expected) {
        require(expected >= StreamStore.ANY);
    }

    static void requireVersionOfWrite(long expected) {
        require(expected >= StreamStore.ANY || expected == STREAM_EXISTS);
    }

    static void requireNumber(long event) {
        require(event >= LAST_EVENT);
    }

    static void requireTransaction(long id) {
        require(id >= 0);
    }

    /** The filter that a client has written. */
    static EventFilter filter(Filter wanted) {
        try {
            return EventFilter.of(wanted);
        } catch (IllegalArgumentException unusable) {
            throw new BadRequestException(String.valueOf(unusable.getMessage()));
        }
    }

    static void require(List<NewEvent> events) {
        for (NewEvent event : events) {
            require(event.eventId().length() == ID_BYTES);
            require(!DotNetGuid.read(event.eventId()).equals(NewEvent.NO_ID));
            require(!event.eventType().isEmpty());
            require(event.countedBytes() <= NewEvent.MAX_COUNTED_BYTES);
        }
    }

    private static void require(boolean kept) {
        if (!kept) {
            throw new BadRequestException("");
        }
    }
}
