package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.wire.NakAction;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A group of clients that share the events of a stream: each event goes to one of them, again if it is not settled. */
final class PersistentGroup {

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
    private final Set<GroupClient> lost = new LinkedHashSet<>();
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

    /** A client wants events. One whose correlation id another has is none: the server forgets it. */
    void connect(GroupClient client) {
        if (clients.putIfAbsent(client.correlationId(), client) == null) {
            strategy.added(client);
            push();
        }
    }

    /** An event was written to the stream. */
    void written(StoredEvent event) {
        buffer.written(event);
        push();
    }

    /** A client has unsubscribed, and is told so; what it has not settled goes to others. */
    void unsubscribe(UUID correlationId) {
        GroupClient client = clients.get(correlationId);
        if (client != null) {
            client.drop();
            remove(client);
        }
    }

    /** A client must go: it is told so. */
    void drop(StoreSession session) {
        of(session).forEach(client -> unsubscribe(client.correlationId()));
    }

    private List<GroupClient> of(StoreSession session) {
        return clients.values().stream()
                .filter(client -> client.session() == session)
                .toList();
    }

    /** A connection is lost. */
    void end(StoreSession session) {
        List<GroupClient> gone = of(session);
        if (pushing) {
            lost.addAll(gone);
        } else {
            gone.forEach(this::remove);
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

    /** A client has processed events; what is not in flight is passed over. */
    void ack(Collection<EventsInFlight.InFlight> events) {
        events.forEach(each -> settle(each.message()));
        settledSome();
    }

    /** A client has not processed events. @param why empty: it does not say */
    void nak(Collection<EventsInFlight.InFlight> events, NakAction action, String why) {
        for (EventsInFlight.InFlight each : events) {
            switch (action) {
                case UNKNOWN, RETRY -> failed(each.message());
                case PARK -> park(each.message(), PARKED_BY_CLIENT + why);
                case SKIP, STOP -> settle(each.message());
            }
        }
        settledSome();
    }

    EventsInFlight inFlight() {
        return inFlight;
    }

    /** A second is over. */
    void tick() {
        if (settings.timeoutMillis() != 0) {
            inFlight.due(clock.nowMillis()).forEach(each -> failed(each.message()));
        }
        push();
        checkpoint.reached(inFlight.settledUpTo(), true, clock.nowMillis());
    }

    /** Takes up parked events again, as long as there is room. */
    void replayParked() {
        parked.replay(message -> {
            boolean room = !held.isFull();
            if (room) {
                held.take();
                buffer.retry(message);
            }
            return room;
        });
        push();
    }

    private void remove(GroupClient client) {
        clients.remove(client.correlationId());
        inFlight.of(client).forEach(each -> again(each.message(), 1));
        strategy.removed(client);
        push();
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
        List<GroupClient> gone = List.copyOf(lost);
        lost.clear();
        gone.forEach(this::remove);
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
            return choice.goesOn() ? GroupBuffer.Taken.SKIPPED : GroupBuffer.Taken.NO_MORE;
        }
        long due = clock.nowMillis() + settings.timeoutMillis();
        inFlight.given(message, choice.client(), settings.timeoutMillis() == 0 ? Long.MAX_VALUE : due);
        choice.client().push(message);
        return GroupBuffer.Taken.SENT;
    }
}
