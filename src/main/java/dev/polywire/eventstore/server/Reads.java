package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.AllReader;
import dev.polywire.eventstore.store.AllSlice;
import dev.polywire.eventstore.store.EventFilter;
import dev.polywire.eventstore.store.EventRead;
import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.SliceReader;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamAccess.Permission;
import dev.polywire.eventstore.store.StreamNames;
import dev.polywire.eventstore.store.StreamSlice;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadEventResult;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadMessage.FilteredReadAllEvents;
import dev.polywire.eventstore.wire.ReadMessage.FilteredReadAllEventsCompleted;
import dev.polywire.eventstore.wire.ReadMessage.ReadAllEvents;
import dev.polywire.eventstore.wire.ReadMessage.ReadAllEventsCompleted;
import dev.polywire.eventstore.wire.ReadMessage.ReadEvent;
import dev.polywire.eventstore.wire.ReadMessage.ReadEventCompleted;
import dev.polywire.eventstore.wire.ReadMessage.ReadStreamEvents;
import dev.polywire.eventstore.wire.ReadMessage.ReadStreamEventsCompleted;
import dev.polywire.eventstore.wire.ReadStreamResult;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers what reads streams, and all events. */
final class Reads {

    private final StreamStore store;
    private final ServerVersion version;
    private final SliceReader streams;
    private final AllReader all;

    Reads(StreamStore store, ServerVersion version) {
        this.store = store;
        this.version = version;
        this.streams = new SliceReader(store);
        this.all = new AllReader(store);
    }

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, ReadMessage message) {
        if (message instanceof ReadEvent read) {
            request.answer(event(request, read));
        } else if (message instanceof ReadStreamEvents read) {
            request.answer(stream(request, read));
        } else if (message instanceof ReadAllEvents read) {
            request.answer(all(request, read));
        } else if (message instanceof FilteredReadAllEvents read) {
            request.answer(filtered(request, read));
        } else {
            throw new BadRequestException("");
        }
    }

    private ReadEventCompleted event(StoreRequest request, ReadEvent read) {
        String stream = RequestRules.stream(read.eventStreamId());
        RequestRules.requireNumber(read.eventNumber());
        if (!may(request, stream)) {
            return new ReadEventCompleted(ReadEventResult.ACCESS_DENIED, ResolvedIndexedEvent.NONE, null);
        }
        EventRead found = streams.event(stream, read.eventNumber());
        if (found.event() == null) {
            return new ReadEventCompleted(found.result(), ResolvedIndexedEvent.NONE, null);
        }
        Resolved resolved = resolved(request, found.event(), read.resolveLinkTos());
        return resolved == null
                ? new ReadEventCompleted(ReadEventResult.ACCESS_DENIED, ResolvedIndexedEvent.NONE, null)
                : new ReadEventCompleted(found.result(), indexed(request, resolved), null);
    }

    private ReadStreamEventsCompleted stream(StoreRequest request, ReadStreamEvents read) {
        String stream = RequestRules.stream(read.eventStreamId());
        RequestRules.requireNumber(read.fromEventNumber());
        if (read.maxCount() > SliceReader.MAX_EVENTS) {
            return refused(read, ReadStreamResult.ERROR, SliceReader.TOO_BIG);
        }
        if (!may(request, stream)) {
            return refused(read, ReadStreamResult.ACCESS_DENIED, "");
        }
        StreamSlice slice = streams.slice(read.direction(), stream, read.fromEventNumber(), read.maxCount());
        ReadPage page = page(request, slice.events(), read.resolveLinkTos());
        if (page == null) {
            return refused(read, ReadStreamResult.ACCESS_DENIED, "");
        }
        StoredEvent rest = page.rest();
        return new ReadStreamEventsCompleted(
                read.direction(),
                page.events().stream().map(each -> indexed(request, each)).toList(),
                slice.result(),
                rest == null ? slice.next() : rest.number(),
                request.from().number(slice.last()),
                rest == null && slice.isEnd(),
                store.lastCommit(),
                slice.error() == null ? "" : slice.error());
    }

    private ReadStreamEventsCompleted refused(ReadStreamEvents read, ReadStreamResult why, String error) {
        return new ReadStreamEventsCompleted(read.direction(), List.of(), why, -1, -1, true, store.lastCommit(), error);
    }

    private ReadAllEventsCompleted all(StoreRequest request, ReadAllEvents read) {
        AllSlice slice = readAll(request, read.direction(), read.position(), read.maxCount(), null, 0);
        ReadPage page = page(request, slice.events(), read.resolveLinkTos());
        AllSlice told = page == null ? AllSlice.denied(slice.asked()) : slice;
        return new ReadAllEventsCompleted(
                read.direction(),
                told.asked(),
                page == null ? List.of() : positioned(request, page),
                page == null ? told.next() : next(read.direction(), slice, page),
                told.result(),
                told.error());
    }

    private FilteredReadAllEventsCompleted filtered(StoreRequest request, FilteredReadAllEvents read) {
        AllSlice slice = readAll(
                request, read.direction(), read.position(), read.maxCount(), read.filter(), read.maxSearchWindow());
        ReadPage page = page(request, slice.events(), read.resolveLinkTos());
        AllSlice told = page == null ? AllSlice.denied(slice.asked()) : slice;
        return new FilteredReadAllEventsCompleted(
                read.direction(),
                told.asked(),
                page == null ? List.of() : positioned(request, page),
                page == null ? told.next() : next(read.direction(), slice, page),
                told.isEnd() && (page == null || page.rest() == null),
                told.result(),
                told.error());
    }

    /** @param window how many events are looked at; 0: as many as are wanted */
    private AllSlice readAll(
            StoreRequest request,
            ReadDirection direction,
            Position position,
            int maxCount,
            @Nullable Filter filter,
            int window) {
        EventFilter fitting = filter == null ? null : RequestRules.filter(filter);
        if (maxCount > SliceReader.MAX_EVENTS) {
            return AllSlice.error(all.asked(position), SliceReader.TOO_BIG);
        }
        if (!may(request, StreamNames.ALL)) {
            return AllSlice.denied(all.asked(position));
        }
        return fitting == null
                ? all.slice(direction, position, maxCount)
                : all.slice(direction, position, maxCount, window <= 0 ? maxCount : window, fitting);
    }

    private static Position next(ReadDirection direction, AllSlice slice, ReadPage page) {
        if (page.rest() == null) {
            return slice.next();
        }
        // Forward the next page begins with an event, backward before one.
        return direction == ReadDirection.FORWARD
                ? page.rest().position()
                : page.events().get(page.events().size() - 1).received().position();
    }

    /** Null: one of them may not be read. */
    private @Nullable ReadPage page(StoreRequest request, List<StoredEvent> events, boolean resolveLinks) {
        return ReadPage.of(events, event -> resolved(request, event, resolveLinks));
    }

    private @Nullable Resolved resolved(StoreRequest request, StoredEvent event, boolean resolveLinks) {
        if (!resolveLinks) {
            return Resolved.plain(event);
        }
        Resolved resolved = store.resolve(event, request.user());
        return version == ServerVersion.V4_1_4 && resolved != null && resolved.isBroken()
                ? new Resolved(null, event)
                : resolved;
    }

    private static List<ResolvedEvent> positioned(StoreRequest request, ReadPage page) {
        return page.events().stream()
                .map(each -> new ResolvedEvent(
                        record(request, each.event()),
                        record(request, each.link()),
                        each.received().position()))
                .toList();
    }

    private static ResolvedIndexedEvent indexed(StoreRequest request, Resolved each) {
        return new ResolvedIndexedEvent(record(request, each.event()), record(request, each.link()));
    }

    private static @Nullable EventRecord record(StoreRequest request, @Nullable StoredEvent event) {
        return event == null ? null : event.record(request.from().knowsLongNumbers());
    }

    private boolean may(StoreRequest request, String stream) {
        return store.access().may(request.user(), Permission.READ, stream);
    }
}
