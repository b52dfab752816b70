package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StreamStore;
import java.util.function.LongSupplier;

/**
 * What all nodes of a server share: the streams, the users, the subscriptions. It has no socket and no timer of its own: whoever
 * owns it tells it the time.
 */
final class EventStoreDatabase {

    private final ServerVersion version;
    private final ServerCounters counters = new ServerCounters();
    private final LongSupplier epochMillis;
    private final Agenda agenda;
    private final StreamStore store;
    private final Writes writes;
    private final Reads reads;
    private final VolatileSubscriptions subscriptions;
    private final PersistentSubscriptions groups;
    private final Scavenges scavenges;

    /** With the default bounds. */
    EventStoreDatabase(ServerVersion version, LongSupplier epochMillis, LongSupplier nowMillis) {
        this(EventStoreServerOptions.DEFAULT.like(version), epochMillis, nowMillis);
    }

    /**
     * @param epochMillis the time of day
     * @param nowMillis of the clock of {@link #tick}
     */
    EventStoreDatabase(EventStoreServerOptions options, LongSupplier epochMillis, LongSupplier nowMillis) {
        this.version = options.version();
        this.epochMillis = epochMillis;
        this.agenda = new Agenda(nowMillis);
        this.store = new StreamStore(epochMillis, options.store());
        this.writes = new Writes(store, counters);
        this.reads = new Reads(store, version);
        this.subscriptions = new VolatileSubscriptions(store, counters);
        this.groups = new PersistentSubscriptions(store, version, epochMillis, nowMillis, counters);
        this.scavenges = new Scavenges(version, agenda);
    }

    ServerVersion version() {
        return version;
    }

    /** The time of day. */
    long epochMillis() {
        return epochMillis.getAsLong();
    }

    StreamStore store() {
        return store;
    }

    Writes writes() {
        return writes;
    }

    Reads reads() {
        return reads;
    }

    VolatileSubscriptions subscriptions() {
        return subscriptions;
    }

    PersistentSubscriptions groups() {
        return groups;
    }

    Scavenges scavenges() {
        return scavenges;
    }

    /** What was refused, and why. */
    ServerCounters counters() {
        return counters;
    }

    /** What the nodes will do later. */
    Agenda agenda() {
        return agenda;
    }

    /** When {@link #tick} must be called, on the clock of {@code nowMillis}; {@link Long#MAX_VALUE}: never. */
    long deadlineMillis() {
        return Math.min(agenda.deadlineMillis(), groups.deadlineMillis());
    }

    /** Time has passed. Early and repeated calls are harmless. @param nowMillis of a monotonic clock */
    void tick(long nowMillis) {
        agenda.tick(nowMillis);
        groups.tick(nowMillis);
    }
}
