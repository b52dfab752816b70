package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NakAction;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A group of clients that share the events of a stream: each event goes to one of them, again if it is not settled. */
final class PersistentGroup {

    /** Characters of a client's reason that are kept with each event: it is for people, and 10,000 events may have it. */
    private static final int MAX_REASON = 10_000;

    private static final String PARKED_BY_CLIENT = "Client explicitly NAK'ed message.\n";
    private static final String PARKED_BY_SERVER = "Reached retry count of ";

    private final GroupSettings settings;
    private final ConsumerStrategy strategy;
    private final GroupBuffer buffer;
    private final GroupCheckpoint checkpoint;
    private final ParkedEvents parked;
    private final HeldEvents.Share held;
    private final GroupClock clock;
    private final Map<UUID, GroupClient> clients = new LinkedHashMap<>();
    private final EventsInFlight inFlight = new EventsInFlight();
    private final Set<GroupClient> lost = new HashSet<>();
    private boolean pushing;

    PersistentGroup(
            GroupSettings settings,
            ConsumerStrategy strategy,
            GroupBuffer buffer,
            GroupCheckpoint checkpoint,
            ParkedEvents parked,
            HeldEvents.Share held,
            GroupClock clock) {
        this.settings = settings;
        this.strategy = strategy;
        this.buffer = buffer;
        this.checkpoint = checkpoint;
        this.parked = parked;
        this.held = held;
        this.clock = clock;
    }

    GroupSettings settings() {
        return settings;
    }

    /** Begins to read. */
    void start() {
        push();
    }

    boolean admitsClient() {
        return settings.admits(clients.size());
    }

    int clientCount() {
        return clients.size();
    }

    /**
     * A client wants events. One whose correlation id another has is confirmed and forgotten.
     *
     * @param confirmation what it is told before; it may be lost by that
     */
    void connect(GroupClient client, EventStoreMessage confirmation) {
        if (clients.putIfAbsent(client.correlationId(), client) == null) {
            strategy.added(client);
        }
        client.tell(confirmation);
        push();
    }

    /** An event was written to the stream. */
    void written(StoredEvent event) {
        if (!settings.isBroken() && buffer.written(event)) {
            push();
        }
    }

    /** A client has unsubscribed, and is told so; what it has not settled goes to others. */
    void unsubscribe(UUID correlationId) {
        GroupClient client = clients.get(correlationId);
        if (client != null) {
            client.drop();
            remove(Set.of(client));
        }
    }

    /** A client must go: it is told so. */
    void drop(StoreSession session) {
        of(session).forEach(GroupClient::drop);
        end(session);
    }

    private Set<GroupClient> of(StoreSession session) {
        return clients.values().stream()
                .filter(client -> client.session() == session)
                .collect(Collectors.toSet());
    }

    /** A connection is lost. */
    void end(StoreSession session) {
        if (pushing) {
            lost.addAll(of(session));
        } else {
            remove(of(session));
        }
    }

    /** The group is no more: its clients are told so. */
    void close() {
        clients.values().forEach(GroupClient::drop);
        clients.clear();
        held.giveBackAll();
    }

    /** The group is no more, nor is what it remembers. */
    void delete() {
        close();
        checkpoint.delete();
        parked.delete();
    }

    /** A client has processed events; what is not in flight is passed over, and costs nothing. */
    void ack(Collection<EventsInFlight.InFlight> events) {
        if (events.isEmpty()) {
            return;
        }
        forEach(events, this::settle);
        settledSome();
    }

    /** A client has not processed events. @param why empty: it does not say */
    void nak(Collection<EventsInFlight.InFlight> events, NakAction action, String why) {
        if (events.isEmpty()) {
            return;
        }
        String reason = why.substring(0, Math.min(why.length(), MAX_REASON));
        forEach(events, message -> {
            switch (action) {
                case UNKNOWN, RETRY -> failed(message);
                case PARK -> park(message, PARKED_BY_CLIENT + reason);
                case SKIP, STOP -> settle(message);
            }
        });
        settledSome();
    }

    EventsInFlight inFlight() {
        return inFlight;
    }

    /** A second is over. */
    void tick() {
        if (settings.timeoutMillis() != 0) {
            forEach(inFlight.due(clock.nowMillis()), this::failed);
        }
        push();
        checkpoint.reached(inFlight.settledUpTo(), true, clock.nowMillis());
    }

    /** Takes up parked events again, as long as there is room. */
    void replayParked() {
        parked.replay(event -> {
            boolean room = !held.isFull();
            if (room) {
                held.take();
                buffer.retry(new GroupMessage(event, strategy.pin(event), 0, true));
            }
            return room;
        });
        push();
    }

    private void remove(Set<GroupClient> gone) {
        // Who is told that it must go may be lost by that, and be gone already.
        Set<GroupClient> removed = gone.stream()
                .filter(client -> clients.remove(client.correlationId(), client))
                .collect(Collectors.toSet());
        if (!removed.isEmpty()) {
            inFlight.of(removed).forEach(each -> again(each.message(), 1));
            removed.forEach(strategy::removed);
            push();
        }
    }

    /** To park one tells clients of the parked stream: one that is lost by that may be the one that has the next. */
    private void forEach(Collection<EventsInFlight.InFlight> events, Consumer<GroupMessage> step) {
        for (EventsInFlight.InFlight each : events) {
            if (inFlight.get(each.message().id()) == each) {
                step.accept(each.message());
            }
        }
    }

    private void failed(GroupMessage message) {
        if (message.retryCount() < settings.maxRetryCount()) {
            again(message, message.retryCount() + 1);
        } else {
            park(message, PARKED_BY_SERVER + settings.maxRetryCount());
        }
    }

    private void again(GroupMessage message, int retryCount) {
        returned(message);
        inFlight.takenBack(message);
        buffer.retry(message.again(retryCount));
    }

    private void park(GroupMessage message, String reason) {
        settle(message);
        parked.park(message, reason);
    }

    private void settle(GroupMessage message) {
        returned(message);
        inFlight.settled(message);
        held.giveBack();
    }

    private void returned(GroupMessage message) {
        EventsInFlight.InFlight given = inFlight.get(message.id());
        if (given != null) {
            given.client().settled();
            strategy.settled(given.client(), message);
        }
    }

    private void settledSome() {
        checkpoint.reached(inFlight.settledUpTo(), false, clock.nowMillis());
        push();
    }

    /** Gives clients what they have room for. A client that is lost by that is removed afterwards. */
    private void push() {
        if (pushing || settings.isBroken()) {
            return;
        }
        pushing = true;
        try {
            buffer.readAhead();
            do {
                buffer.offer(this::give);
            } while (buffer.readAhead());
        } finally {
            pushing = false;
        }
        Set<GroupClient> gone = Set.copyOf(lost);
        lost.clear();
        remove(gone);
    }

    private GroupBuffer.Taken give(GroupMessage message) {
        if (inFlight.has(message.id())) {
            // Another event of this id is with a client: whoever writes the same id twice wants it done once.
            inFlight.passedOver(message);
            held.giveBack();
            return GroupBuffer.Taken.SENT;
        }
        ConsumerStrategy.Choice choice = strategy.choose(message);
        if (choice.client() == null) {
            if (!choice.goesOn()) {
                return GroupBuffer.Taken.NO_MORE;
            }
            inFlight.waits(message);
            return GroupBuffer.Taken.SKIPPED;
        }
        long due = clock.nowMillis() + settings.timeoutMillis();
        inFlight.given(message, choice.client(), settings.timeoutMillis() == 0 ? Long.MAX_VALUE : due);
        choice.client().push(message);
        return GroupBuffer.Taken.SENT;
    }
}
