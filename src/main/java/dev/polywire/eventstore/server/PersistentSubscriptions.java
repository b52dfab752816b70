package dev.polywire.eventstore.server;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.store.StreamAccess;
import dev.polywire.eventstore.store.StreamNames;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.PersistentMessage.ChangeResult;
import dev.polywire.eventstore.wire.PersistentMessage.CreateResult;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Groups of clients that share the events of a stream, with a memory of what they have done. */
final class PersistentSubscriptions {

    /** Of all groups together: as many as a server that tests use has connections, several times over. */
    static final int MAX_CLIENTS = 10_000;

    private static final String NOT_CREATE = "You do not have permissions to create streams";
    private static final String NOT_UPDATE = "You do not have permissions to update the subscription";

    private final StreamStore store;
    private final ServerVersion version;
    private final GroupRegistry groups;
    private final ServerCounters counters;

    /**
     * @param epochMillis the time of day
     * @param nowMillis of the clock of {@link #tick}
     */
    PersistentSubscriptions(
            StreamStore store,
            ServerVersion version,
            LongSupplier epochMillis,
            LongSupplier nowMillis,
            ServerCounters counters) {
        this.store = store;
        this.version = version;
        this.groups = new GroupRegistry(store, version, epochMillis, nowMillis);
        this.counters = counters;
    }

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, PersistentMessage message) {
        if (message instanceof PersistentMessage.CreatePersistentSubscription create) {
            create(request, new GroupSettings(create.settings()));
        } else if (message instanceof PersistentMessage.UpdatePersistentSubscription update) {
            request.answer(updated(request, new GroupSettings(update.settings())));
        } else if (message instanceof PersistentMessage.DeletePersistentSubscription delete) {
            request.answer(deleted(request, delete));
        } else if (message instanceof PersistentMessage.ConnectToPersistentSubscription connect) {
            connect(request, connect);
        } else if (message instanceof PersistentMessage.PersistentSubscriptionAckEvents ack) {
            ack(request, ack);
        } else if (message instanceof PersistentMessage.PersistentSubscriptionNakEvents nak) {
            nak(request, nak);
        } else {
            throw new BadRequestException("");
        }
    }

    /** Ends the subscription of an id, whoever has it; nothing happens where nobody has. */
    void unsubscribe(UUID correlationId) {
        groups.all().forEach(group -> group.unsubscribe(correlationId));
    }

    /** A client must go: its subscriptions end, and it is told so. */
    void drop(StoreSession session) {
        groups.all().forEach(group -> group.drop(session));
    }

    /** A client is gone: what it has not settled goes to others. */
    void end(StoreSession session) {
        groups.all().forEach(group -> group.end(session));
    }

    /** Gives a group what was parked once more. @return whether there is such a group */
    boolean replayParked(String stream, String group) {
        PersistentGroup found = groups.group(GroupSettings.key(stream, group));
        if (found != null) {
            found.replayParked();
        }
        return found != null;
    }

    /** When {@link #tick} must be called, on the clock of {@code nowMillis}; {@link Long#MAX_VALUE}: never. */
    long deadlineMillis() {
        return groups.clock().deadlineMillis();
    }

    /** Time has passed. @param nowMillis of a monotonic clock */
    void tick(long nowMillis) {
        if (groups.clock().isOver(nowMillis)) {
            groups.all().forEach(PersistentGroup::tick);
        }
    }

    private void create(StoreRequest request, GroupSettings settings) {
        PersistentMessage not = notCreated(request, settings);
        if (not != null) {
            request.answer(not);
        } else if (groups.isFull(settings)) {
            request.tooBusy(counters);
        } else if (!version.isAtLeast(ServerVersion.V20_10) || settings.readBatchSize() < settings.bufferSize()) {
            groups.create(settings, request.user().name());
            request.answer(created(CreateResult.SUCCESS, ""));
        }
        // Otherwise a server of those versions fails inside, and says nothing.
    }

    private @Nullable PersistentMessage notCreated(StoreRequest request, GroupSettings settings) {
        if (!mayChange(request)) {
            return created(CreateResult.ACCESS_DENIED, NOT_CREATE);
        }
        if (groups.group(settings.key()) != null) {
            return created(CreateResult.ALREADY_EXISTS, "Group '" + settings.group() + "' already exists.");
        }
        if (settings.stream().isEmpty() || settings.stream().equals(StreamNames.ALL)) {
            return created(CreateResult.FAIL, "Bad stream name.");
        }
        if (!groups.hasStrategy(settings)) {
            return created(CreateResult.FAIL, noStrategy(settings));
        }
        return null;
    }

    private static PersistentMessage created(CreateResult result, String reason) {
        return new PersistentMessage.CreatePersistentSubscriptionCompleted(result, reason);
    }

    private PersistentMessage updated(StoreRequest request, GroupSettings settings) {
        PersistentGroup group = groups.group(settings.key());
        if (!mayChange(request)) {
            return updated(ChangeResult.ACCESS_DENIED, NOT_UPDATE);
        }
        if (group == null) {
            return updated(ChangeResult.DOES_NOT_EXIST, missing(settings.group()));
        }
        if (!groups.hasStrategy(settings)) {
            return updated(ChangeResult.FAIL, noStrategy(settings));
        }
        groups.update(group, settings, request.user().name());
        return updated(ChangeResult.SUCCESS, "");
    }

    private static PersistentMessage updated(ChangeResult result, String reason) {
        return new PersistentMessage.UpdatePersistentSubscriptionCompleted(result, reason);
    }

    private PersistentMessage deleted(StoreRequest request, PersistentMessage.DeletePersistentSubscription asked) {
        PersistentGroup group = groups.group(GroupSettings.key(asked.eventStreamId(), asked.subscriptionGroupName()));
        if (!mayChange(request)) {
            return deleted(ChangeResult.ACCESS_DENIED, NOT_CREATE);
        }
        if (group == null) {
            return deleted(ChangeResult.DOES_NOT_EXIST, missing(asked.subscriptionGroupName()));
        }
        groups.delete(group, request.user().name());
        return deleted(ChangeResult.SUCCESS, "");
    }

    private static PersistentMessage deleted(ChangeResult result, String reason) {
        return new PersistentMessage.DeletePersistentSubscriptionCompleted(result, reason);
    }

    private boolean mayChange(StoreRequest request) {
        return version.isAtLeast(ServerVersion.V5_0_11)
                ? request.user().isOperator()
                : request.user().isAdmin();
    }

    private static String missing(String group) {
        return "Group '" + group + "' does not exist.";
    }

    private static String noStrategy(GroupSettings settings) {
        return "Consumer strategy " + settings.strategy() + " does not exist.";
    }

    private void connect(StoreRequest request, PersistentMessage.ConnectToPersistentSubscription asked) {
        if (asked.allowedInFlightMessages() < 0 || asked.subscriptionId().isEmpty()) {
            throw new BadRequestException("");
        }
        String stream = asked.eventStreamId();
        if (stream.isEmpty()) {
            // The server fails inside, and says nothing.
            return;
        }
        PersistentGroup group = groups.group(GroupSettings.key(stream, asked.subscriptionId()));
        SubscriptionDropReason not = refusal(request, stream, group);
        if (group == null || not != null) {
            request.answer(new SubscriptionMessage.SubscriptionDropped(Objects.requireNonNull(not)));
            return;
        }
        group.connect(
                new GroupClient(request.from(), request.correlationId(), asked.allowedInFlightMessages()),
                new PersistentMessage.PersistentSubscriptionConfirmation(
                        store.lastCommit(),
                        group.settings().key(),
                        request.from().number(store.lastNumber(stream))));
    }

    private @Nullable SubscriptionDropReason refusal(
            StoreRequest request, String stream, @Nullable PersistentGroup group) {
        if (!store.access().may(request.user(), StreamAccess.Permission.READ, stream)) {
            return SubscriptionDropReason.ACCESS_DENIED;
        }
        if (group == null) {
            return SubscriptionDropReason.NOT_FOUND;
        }
        if (clientCount() >= MAX_CLIENTS) {
            counters.tooBusy();
            return SubscriptionDropReason.SUBSCRIBER_MAX_COUNT_REACHED;
        }
        return group.admitsClient() ? null : SubscriptionDropReason.SUBSCRIBER_MAX_COUNT_REACHED;
    }

    private int clientCount() {
        return groups.all().stream().mapToInt(PersistentGroup::clientCount).sum();
    }

    private void ack(StoreRequest request, PersistentMessage.PersistentSubscriptionAckEvents ack) {
        List<EventsInFlight.InFlight> events = inFlight(request, ack.subscriptionId(), ack.processedEventIds());
        PersistentGroup group = groups.group(ack.subscriptionId());
        if (group != null) {
            group.ack(events);
        }
    }

    private void nak(StoreRequest request, PersistentMessage.PersistentSubscriptionNakEvents nak) {
        List<EventsInFlight.InFlight> events = inFlight(request, nak.subscriptionId(), nak.processedEventIds());
        if (nak.action() < 0 || nak.action() >= NakAction.values().length) {
            throw new BadRequestException("");
        }
        PersistentGroup group = groups.group(nak.subscriptionId());
        if (group != null) {
            String why = nak.message() == null ? "" : nak.message();
            group.nak(events, NakAction.values()[nak.action()], why);
        }
    }

    /** Those of the events that are with a client: in 4.1 with the one that speaks, later with any. */
    private List<EventsInFlight.InFlight> inFlight(StoreRequest request, String subscriptionId, List<Buffer> ids) {
        if (subscriptionId.isEmpty() || ids.isEmpty()) {
            throw new BadRequestException("");
        }
        boolean anybodys = version.isAtLeast(ServerVersion.V5_0_11);
        PersistentGroup group = groups.group(subscriptionId);
        try {
            return ids.stream()
                    .map(DotNetGuid::read)
                    .filter(id -> group != null && group.inFlight().has(id))
                    .distinct()
                    .map(id -> Objects.requireNonNull(group).inFlight().get(id))
                    .filter(each -> anybodys || each.client().correlationId().equals(request.correlationId()))
                    .toList();
        } catch (ProtocolException notAnId) {
            throw new BadRequestException("");
        }
    }
}
