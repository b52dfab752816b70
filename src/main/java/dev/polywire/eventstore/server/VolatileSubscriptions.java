package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoreListener;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.StreamAccess;
import dev.polywire.eventstore.store.StreamNames;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Clients that want what will be written: to a stream, or at all. Filters came with 20.6; they were read in that server's source,
 * not seen.
 *
 * <p>An id is chosen by the client that subscribes. Whoever says it ends the subscription that got it last, from any connection; an
 * earlier one goes on until its connection is closed.
 */
final class VolatileSubscriptions {

    /** Of one client; a program that follows each of its streams by a subscription has hundreds. */
    static final int MAX_OF_CLIENT = 10_000;
    /** Of all clients, some 100 MB with their names. */
    static final int MAX_OF_ALL = 100_000;
    /** Of the names of their streams, together: a hundred each, and none alone fills the memory. */
    static final long MAX_CHARACTERS = 10_000_000;
    /** Comparisons that all filters together may take for one character: a name of a thousand takes some tenths of a second. */
    static final long MAX_STEPS = 20_000;

    /** Clients end a subscription with it as with an error of the server. */
    private static final EventStoreMessage TOO_DEAR = new ConnectionMessage.BadRequest(
            "filter: too many comparisons for one write (expected: at most 100,000,000, with those of other subscriptions)");

    private final StreamStore store;
    private final ServerCounters counters;
    /** By stream, in the order in which they began; empty: those to all. */
    private final Map<String, Set<VolatileSubscription>> byStream = new HashMap<>();

    private final Map<StoreSession, Set<VolatileSubscription>> byOwner = new HashMap<>();
    private final Map<UUID, VolatileSubscription> latest = new HashMap<>();
    private final FilterCosts costs = new FilterCosts();
    private int count;
    private long characters;
    private long steps;

    VolatileSubscriptions(StreamStore store, ServerCounters counters) {
        this.store = store;
        this.counters = counters;
        store.listen(new StoreListener() {
            @Override
            public void committed(StoredEvent event) {
                written(event);
            }

            @Override
            public void told() {
                costs.told();
            }
        });
    }

    /** How many there are. */
    int size() {
        return count;
    }

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, SubscriptionMessage message) {
        if (message instanceof SubscriptionMessage.SubscribeToStream plain) {
            subscribe(
                    request,
                    new VolatileSubscription(
                            request.from(),
                            request.correlationId(),
                            plain.eventStreamId(),
                            plain.resolveLinkTos(),
                            null,
                            0));
        } else if (message instanceof SubscriptionMessage.FilteredSubscribeToStream filtered) {
            if (filtered.checkpointInterval() <= 0) {
                throw new BadRequestException(
                        "checkpoint_interval: " + filtered.checkpointInterval() + " (expected: >= 1)");
            }
            subscribe(
                    request,
                    new VolatileSubscription(
                            request.from(),
                            request.correlationId(),
                            filtered.eventStreamId(),
                            filtered.resolveLinkTos(),
                            RequestRules.filter(filtered.filter()),
                            filtered.checkpointInterval()));
        } else if (message instanceof SubscriptionMessage.UnsubscribeFromStream) {
            VolatileSubscription ended = latest.get(request.correlationId());
            if (ended != null) {
                drop(ended);
            }
        }
    }

    private void subscribe(StoreRequest request, VolatileSubscription wanted) {
        String stream = wanted.stream;
        boolean toAll = stream.isEmpty();
        if (!store.access().may(request.user(), StreamAccess.Permission.READ, toAll ? StreamNames.ALL : stream)) {
            request.answer(new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.ACCESS_DENIED));
        } else if (!hasRoom(wanted)) {
            request.tooBusy(counters);
        } else {
            add(wanted);
            request.answer(new SubscriptionMessage.SubscriptionConfirmation(
                    store.lastCommit(), toAll ? null : request.from().number(store.lastNumber(stream))));
        }
    }

    private boolean hasRoom(VolatileSubscription wanted) {
        return count < MAX_OF_ALL
                && byOwner.getOrDefault(wanted.owner, Set.of()).size() < MAX_OF_CLIENT
                && characters + wanted.stream.length() <= MAX_CHARACTERS
                && steps + wanted.steps() <= MAX_STEPS;
    }

    private void add(VolatileSubscription wanted) {
        byStream.computeIfAbsent(wanted.stream, first -> new LinkedHashSet<>()).add(wanted);
        byOwner.computeIfAbsent(wanted.owner, first -> new LinkedHashSet<>()).add(wanted);
        latest.put(wanted.id, wanted);
        count++;
        characters += wanted.stream.length();
        steps += wanted.steps();
    }

    private void remove(VolatileSubscription ended) {
        if (ended.hasEnded()) {
            return;
        }
        ended.end();
        costs.forget(ended);
        latest.remove(ended.id, ended);
        byStream.computeIfPresent(ended.stream, (stream, all) -> without(all, ended));
        byOwner.computeIfPresent(ended.owner, (owner, all) -> without(all, ended));
        count--;
        characters -= ended.stream.length();
        steps -= ended.steps();
    }

    private static @Nullable Set<VolatileSubscription> without(
            Set<VolatileSubscription> all, VolatileSubscription one) {
        all.remove(one);
        return all.isEmpty() ? null : all;
    }

    private void drop(VolatileSubscription ended) {
        remove(ended);
        ended.owner.send(ended.id, new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED));
    }

    /** A client must go: its subscriptions end, and it is told so. */
    void drop(StoreSession session) {
        List.copyOf(byOwner.getOrDefault(session, Set.of())).forEach(this::drop);
    }

    /** A client is gone. */
    void end(StoreSession session) {
        List.copyOf(byOwner.getOrDefault(session, Set.of())).forEach(this::remove);
    }

    // ---- pushing

    private void written(StoredEvent event) {
        AppearedEvent appeared = new AppearedEvent(store, event);
        push(byStream.get(""), appeared);
        push(byStream.get(event.stream()), appeared);
    }

    private void push(@Nullable Set<VolatileSubscription> all, AppearedEvent appeared) {
        if (all == null) {
            return;
        }
        // Some may end while others get it.
        for (VolatileSubscription each : List.copyOf(all)) {
            if (!each.hasEnded()) {
                push(each, appeared);
                endDearest();
            }
        }
    }

    private void endDearest() {
        VolatileSubscription dearest = costs.excess();
        if (dearest != null) {
            remove(dearest);
            dearest.owner.send(dearest.id, TOO_DEAR);
        }
    }

    private void push(VolatileSubscription to, AppearedEvent appeared) {
        StoredEvent event = appeared.event();
        if (to.wants(event, costs)) {
            to.owner.send(to.id, appeared.message(to.resolvesLinks, to.owner.knowsLongNumbers()));
        }
        if (!to.hasEnded() && to.isCheckpoint()) {
            to.owner.send(to.id, new SubscriptionMessage.CheckpointReached(event.position()));
        }
    }
}
