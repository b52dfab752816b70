package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.Position;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All streams of a database, and their common log. Belongs to one context. Writes ask no permission: {@link #access()} knows who may.
 * They throw {@link StoreFullException}, and have done nothing, where they would go beyond the {@link StoreBounds}.
 */
public final class StreamStore {

    /** The expected version of a write that may come behind anything. */
    public static final long ANY = -2;

    private static final Buffer EMPTY = Buffer.buffer();
    private static final String TOMBSTONE_TYPE = "$streamDeleted";

    private final SplittableRandom random;
    private final LongSupplier epochMillis;
    private final StreamAccess access = new StreamAccess(this::metadata);
    private final Map<String, EventStream> streams = new HashMap<>();
    private final StoreLog log;
    private final KnownIds ids;
    private final WriteCheck check;
    private final StoreTransactions transactions;
    private final EventListeners listeners = new EventListeners();
    private long lastTicks;

    /** With the default bounds. @param epochMillis the time of day */
    public StreamStore(LongSupplier epochMillis) {
        this(epochMillis, StoreBounds.DEFAULT);
    }

    /** @param epochMillis the time of day */
    public StreamStore(LongSupplier epochMillis, StoreBounds bounds) {
        this.epochMillis = epochMillis;
        this.random = new SplittableRandom(epochMillis.getAsLong());
        this.log = new StoreLog(bounds);
        this.ids = new KnownIds(bounds.maxKnownIds());
        this.check = new WriteCheck(this, ids);
        this.transactions = new StoreTransactions(bounds.maxTransactions());
    }

    public StoreBounds bounds() {
        return log.bounds();
    }

    public StreamAccess access() {
        return access;
    }

    /**
     * Hears of each event after it was committed, in the order of the log, before the write returns that has committed it. What a
     * listener writes itself is told when all have heard of the event before.
     */
    public void listen(StoreListener listener) {
        listeners.add(listener);
    }

    /** Writes events, or finds that they are there. @param events with ids of 16 bytes */
    public WriteOutcome write(String stream, long expectedVersion, List<NewEvent> events) {
        // Loops: most writes have one event, for which a pipeline is dear.
        List<UUID> eventIds = new ArrayList<>(events.size());
        long emptyBytes = StoreLog.bytes(stream, "", 0);
        long bytes = 0;
        for (NewEvent event : events) {
            eventIds.add(DotNetGuid.read(event.eventId()));
            bytes += bytes(emptyBytes, event);
        }
        WriteOutcome refused = check.refusal(shared(stream), expectedVersion, eventIds);
        if (refused != null) {
            return refused;
        }
        SideEffects besides = SideEffects.of(this, stream, events);
        requireRoom(
                Math.max(1, events.size()) + besides.records(),
                (events.isEmpty() ? emptyBytes : bytes) + besides.bytes());
        long first = lastNumber(stream) + 1;
        if (events.isEmpty()) {
            log.prepareAndCommit(emptyBytes);
        }
        for (int i = 0; i < events.size(); i++) {
            NewEvent event = events.get(i);
            long position = log.prepareAndCommit(bytes(emptyBytes, event));
            commit(stream, first + i, event, eventIds.get(i), ticks(), new Position(position, position));
        }
        Position last = new Position(log.lastCommit(), log.lastCommit());
        write(besides);
        listeners.tell();
        return WriteOutcome.written(first, first + events.size() - 1, last);
    }

    /** Deletes a stream until something is written to it: its metadata say so from now on, and nothing else. */
    public WriteOutcome delete(String stream, long expectedVersion) {
        WriteOutcome refused = check.refusal(stream, expectedVersion, List.of(newId()));
        if (refused != null) {
            return refused;
        }
        Buffer metadata = StreamMetadata.deleted();
        requireRoom(1, SideEffects.metadataBytes(stream, metadata));
        writeMetadata(stream, metadata);
        listeners.tell();
        return deleted();
    }

    /** Deletes a stream for ever. */
    public WriteOutcome deleteForEver(String stream, long expectedVersion) {
        UUID id = newId();
        WriteOutcome refused = check.refusal(stream, expectedVersion, List.of(id));
        if (refused != null) {
            return refused;
        }
        long bytes = StoreLog.bytes(stream, TOMBSTONE_TYPE, 0);
        requireRoom(1, bytes);
        long position = log.prepareAndCommit(bytes);
        commit(
                stream,
                StoredEvent.TOMBSTONE,
                new NewEvent(id, TOMBSTONE_TYPE, NewEvent.BINARY, EMPTY, EMPTY),
                id,
                ticks(),
                new Position(position, position));
        listeners.tell();
        return deleted();
    }

    private WriteOutcome deleted() {
        return WriteOutcome.written(
                WriteOutcome.NO_NUMBER, WriteOutcome.NO_NUMBER, new Position(log.lastCommit(), log.lastCommit()));
    }

    /** Starts a transaction. @return its id. The expected version is looked at when it is committed */
    public long startTransaction(String stream, long expectedVersion) {
        requireRoom(1, StoreLog.bytes(stream, "", 0));
        transactions.requireRoom();
        long id = log.prepare(StoreLog.bytes(stream, "", 0));
        transactions.start(id, stream, expectedVersion);
        return id;
    }

    /** The stream of a transaction; null: there is none with this id. */
    public @Nullable String transactionStream(long id) {
        StoreTransactions.Transaction transaction = transactions.find(id);
        return transaction == null ? null : transaction.stream();
    }

    /** Adds events to a transaction. Where there is none, or it was committed, nothing happens, and nobody is told. */
    public void writeTransaction(long id, List<NewEvent> events) {
        StoreTransactions.Transaction transaction = transactions.find(id);
        if (transaction == null || transaction.isCommitted()) {
            return;
        }
        long emptyBytes = StoreLog.bytes(transaction.stream(), "", 0);
        requireRoom(
                events.size(),
                events.stream().mapToLong(event -> bytes(emptyBytes, event)).sum());
        for (NewEvent event : events) {
            transaction
                    .prepared()
                    .add(new StoreTransactions.Prepared(
                            event, DotNetGuid.read(event.eventId()), log.prepare(bytes(emptyBytes, event)), ticks()));
        }
    }

    /** Writes the events of a transaction, or finds that they are there. @param id of one that exists */
    public WriteOutcome commitTransaction(long id) {
        StoreTransactions.Transaction transaction = transactions.find(id);
        if (transaction == null) {
            throw new IllegalArgumentException("transaction: " + id + " (expected: one that was started)");
        }
        String stream = shared(transaction.stream());
        long endBytes = StoreLog.bytes(stream, "", 0);
        WriteOutcome refused = check.refusal(stream, transaction.expectedVersion(), transaction.ids());
        List<NewEvent> events = refused == null ? transaction.events() : List.of();
        SideEffects besides = refused == null ? SideEffects.of(this, stream, events) : SideEffects.NONE;
        requireRoom(2 + besides.records(), 2 * endBytes + besides.bytes());
        log.prepare(endBytes);
        if (refused != null) {
            transaction.refused();
            return refused;
        }
        long first = lastNumber(stream) + 1;
        long number = first;
        long commit = log.commit();
        for (StoreTransactions.Prepared each : transaction.prepared()) {
            commit(
                    stream,
                    number++,
                    each.event(),
                    each.id(),
                    each.createdTicks(),
                    new Position(commit, each.position()));
        }
        transaction.committed();
        write(besides);
        listeners.tell();
        return WriteOutcome.written(first, number - 1, new Position(commit, commit));
    }

    /** An event by its number, if it can be read; null: it cannot. @param number -1: the last one */
    public @Nullable StoredEvent event(String stream, long number) {
        long last = lastNumber(stream);
        StreamMetadata metadata = metadata(stream);
        if (last == StoredEvent.TOMBSTONE || metadata.isDeleted()) {
            return null;
        }
        long wanted = number == -1 ? last : number;
        StoredEvent event = wanted < metadata.minimum(last) ? null : written(stream, wanted);
        return event == null || event.createdTicks() < oldestTicks(metadata) ? null : event;
    }

    /** The next events that can be read, at most so many. @param from number, from 0 */
    public List<StoredEvent> page(String stream, long from, int maxCount) {
        long last = lastNumber(stream);
        StreamMetadata metadata = metadata(stream);
        EventStream there = streams.get(stream);
        if (there == null || last == StoredEvent.TOMBSTONE || metadata.isDeleted()) {
            return List.of();
        }
        long oldest = oldestTicks(metadata);
        long since = metadata.maxAgeSeconds() == null ? 0 : there.firstSince(oldest);
        List<StoredEvent> page = new ArrayList<>();
        for (long number = Math.max(from, Math.max(since, metadata.minimum(last)));
                number <= last && page.size() < maxCount;
                number++) {
            StoredEvent event = there.event(number);
            if (event != null && event.createdTicks() >= oldest) {
                page.add(event);
            }
        }
        return page;
    }

    /** What an event is a link to. One that is no link is itself. No permission is asked. */
    public Resolved resolve(StoredEvent event) {
        return resolved(event, StoreLink.of(event));
    }

    /** The same; null: the user may not read the link's target, whether or not it is there. */
    public @Nullable Resolved resolve(StoredEvent event, User user) {
        StoreLink link = StoreLink.of(event);
        return link == null || link.stream() == null || access.may(user, StreamAccess.Permission.READ, link.stream())
                ? resolved(event, link)
                : null;
    }

    private Resolved resolved(StoredEvent event, @Nullable StoreLink link) {
        if (link == null) {
            return Resolved.plain(event);
        }
        return new Resolved(link.stream() == null ? null : event(link.stream(), link.number()), event);
    }

    /** The number of the last event of a stream; -1: it has none; {@link StoredEvent#TOMBSTONE}: it was deleted for ever. */
    public long lastNumber(String stream) {
        if (StreamNames.isMetadata(stream) && isEnded(StreamNames.originalOf(stream))) {
            return StoredEvent.TOMBSTONE;
        }
        EventStream there = streams.get(stream);
        if (there == null) {
            return -1;
        }
        return there.isEnded() ? StoredEvent.TOMBSTONE : there.lastNumber();
    }

    private boolean isEnded(String stream) {
        EventStream there = streams.get(stream);
        return there != null && there.isEnded();
    }

    /** Whether a stream is deleted until something is written to it. */
    public boolean isSoftDeleted(String stream) {
        return metadata(stream).isDeleted();
    }

    /** Where the last commit is; -1: there is none. */
    public long lastCommit() {
        return log.lastCommit();
    }

    StoreLog log() {
        return log;
    }

    StreamMetadata metadata(String stream) {
        EventStream there = streams.get(stream);
        if (there != null) {
            return there.metadata();
        }
        return StreamNames.isMetadata(stream) ? StreamMetadata.OF_METADATA : StreamMetadata.NONE;
    }

    /** Whether or not it can still be read. */
    @Nullable
    StoredEvent written(String stream, long number) {
        EventStream there = streams.get(stream);
        return there == null ? null : there.event(number);
    }

    /** What was created before cannot be read. */
    long oldestTicks(StreamMetadata metadata) {
        return metadata.maxAgeSeconds() == null
                ? Long.MIN_VALUE
                : StoredEvent.ticks(epochMillis.getAsLong() - metadata.maxAgeSeconds() * 1_000);
    }

    private void requireRoom(int moreRecords, long moreBytes) {
        log.requireRoom((long) moreRecords + streams.size(), moreBytes);
    }

    /** The same text for all events of a write, as the stream has it: a long name is compared with itself at once. */
    private String shared(String name) {
        EventStream there = streams.get(name);
        return there == null ? name : there.name();
    }

    /** @param emptyBytes of a record without type and content: a long name is counted once, not for each of a million events */
    private static long bytes(long emptyBytes, NewEvent event) {
        Buffer metadata = event.metadata();
        return StoreLog.moreBytes(
                emptyBytes, event.eventType(), event.data().length() + (metadata == null ? 0 : metadata.length()));
    }

    /** Of an event that nobody else has named. */
    private UUID newId() {
        return new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE);
    }

    /** Now, but never before what was prepared last. A transaction's events are as old as that, whenever they are committed. */
    private long ticks() {
        lastTicks = Math.max(lastTicks, StoredEvent.ticks(epochMillis.getAsLong()));
        return lastTicks;
    }

    private void commit(String name, long number, NewEvent from, UUID id, long createdTicks, Position position) {
        EventStream stream = streams.computeIfAbsent(name, EventStream::new);
        Buffer metadata = from.metadata();
        StoredEvent event = new StoredEvent(
                stream.name(),
                number,
                id,
                stream.shared(from.eventType()),
                from.dataContentType() == NewEvent.JSON ? NewEvent.JSON : NewEvent.BINARY,
                from.data().length() == 0 ? EMPTY : from.data(),
                metadata == null || metadata.length() == 0 ? EMPTY : metadata,
                createdTicks,
                position);
        stream.add(event);
        log.add(event);
        ids.add(event);
        listeners.committed(event);
        if (StreamNames.isMetadata(name)) {
            StreamMetadata read = StreamMetadata.of(event);
            EventStream original = streams.computeIfAbsent(StreamNames.originalOf(name), EventStream::new);
            log.charge(read.access().bytes() - original.metadata().access().bytes());
            original.metadata(read);
        } else if (name.equals(StreamNames.SETTINGS)) {
            access.settings(event);
        }
    }

    private void write(SideEffects besides) {
        if (besides.metadata() != null) {
            writeMetadata(besides.stream(), besides.metadata());
        }
    }

    private void writeMetadata(String stream, Buffer metadata) {
        String metadataStream = StreamNames.metadataOf(stream);
        UUID id = newId();
        NewEvent event = new NewEvent(id, StoredEvent.METADATA, NewEvent.JSON, metadata, EMPTY);
        long position = log.prepareAndCommit(SideEffects.metadataBytes(stream, metadata));
        commit(metadataStream, lastNumber(metadataStream) + 1, event, id, ticks(), new Position(position, position));
    }
}
