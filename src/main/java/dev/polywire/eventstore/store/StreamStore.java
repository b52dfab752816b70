package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.Position;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All streams of a database, and their common log. Belongs to one context. */
public final class StreamStore {

    private final LongSupplier epochMillis;
    private final StreamAccess access = new StreamAccess(this);
    private final Map<String, List<StoredEvent>> streams = new HashMap<>();
    private final List<Consumer<StoredEvent>> listeners = new ArrayList<>();
    private long end;

    /** @param epochMillis the time of day */
    public StreamStore(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    public StreamAccess access() {
        return access;
    }

    /** Hears of each event after it was written, in the order of the log. */
    public void listen(Consumer<StoredEvent> listener) {
        listeners.add(listener);
    }

    /** Writes events, or finds that they are there; asks no permission. */
    public WriteOutcome write(String stream, long expectedVersion, List<NewEvent> events) {
        List<StoredEvent> there = streams.computeIfAbsent(stream, first -> new ArrayList<>());
        long first = there.size();
        List<StoredEvent> written = new ArrayList<>();
        for (NewEvent each : events) {
            written.add(new StoredEvent(
                    stream,
                    there.size() + written.size(),
                    DotNetGuid.read(each.eventId()),
                    each.eventType(),
                    each.dataContentType(),
                    each.data(),
                    each.metadata() == null ? Buffer.buffer() : each.metadata(),
                    StoredEvent.ticks(epochMillis.getAsLong()),
                    new Position(end, end)));
            end += each.data().length();
        }
        there.addAll(written);
        written.forEach(event -> listeners.forEach(listener -> listener.accept(event)));
        return new WriteOutcome(
                OperationResult.SUCCESS, null, first, first + events.size() - 1, new Position(end, end), 0);
    }

    /** An event by its number, if it can be read; null: it cannot. No permission is asked. */
    public @Nullable StoredEvent event(String stream, long number) {
        List<StoredEvent> there = streams.getOrDefault(stream, List.of());
        return number >= 0 && number < there.size() ? there.get((int) number) : null;
    }

    /** The number of the last event of a stream; -1: it has none; {@link StoredEvent#TOMBSTONE}: it was deleted for ever. */
    public long lastNumber(String stream) {
        return streams.getOrDefault(stream, List.of()).size() - 1L;
    }

    /** Where the last commit is; -1: there is none. */
    public long lastCommit() {
        return end - 1;
    }
}
