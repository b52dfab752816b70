package dev.polywire.amqp.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Declares a {@link Topology} again on a new connection, one step at a time: exchanges, queues, bindings between exchanges
 * and of queues, then each channel with its mode, qos and consumers.
 *
 * <pre>
 *   next -> OpenChannel, Ask ...... do it, then succeeded | failed
 *   next -> null .................. isDone, or again at retryAtMillis
 * </pre>
 *
 * <p>An item that fails is dropped from the topology and is in {@link #outcomes}; the rest continues. A queue that the lost
 * connection still locks is tried again later, and items that need it wait for it. A queue whose name the server generates
 * gets a new one: bindings and consumers follow. Declarations use a channel of the plan's own, since a failure closes it.
 *
 * <p>When the new connection is lost as well, this plan is dropped and the topology makes another.
 */
public final class RecoveryPlan {

    /** Instead of a channel's number: a channel for the plan alone. */
    public static final int OWN_CHANNEL = 0;

    private final Topology topology;
    private final RecoveryOptions options;
    private final List<RecoveryItem> entities = new ArrayList<>();
    private final Map<String, RecoveryItem> queues = new LinkedHashMap<>();
    private final Map<String, String> newNames = new LinkedHashMap<>();
    private final List<ChannelRecovery> channels = new ArrayList<>();
    private boolean ownChannelIsOpen;

    /** The step that is being done. */
    private @Nullable RecoveryStep asked;

    /** Its channel; null: the plan's own. With {@code askedFor} null the step opens the channel. */
    private @Nullable ChannelRecovery askedOn;

    private @Nullable Object askedFor;

    RecoveryPlan(Topology topology, RecoveryOptions options) {
        this.topology = topology;
        this.options = options;
        topology.exchanges.values().forEach(each -> entities.add(new RecoveryItem(each, "")));
        topology.queues.values().forEach(each -> queues.put(each.name(), new RecoveryItem(each.declare(), "")));
        entities.addAll(queues.values());
        topology.exchangeBindings.forEach(each -> entities.add(new RecoveryItem(each, "")));
        topology.queueBindings.forEach(each -> entities.add(new RecoveryItem(each, each.queue())));
        topology.channels.forEach((number, each) -> channels.add(new ChannelRecovery(number, each)));
    }

    /** The next step; null while one is being done, until {@link #retryAtMillis}, and when all is done. */
    public @Nullable RecoveryStep next(long nowMillis) {
        if (asked != null) {
            return null;
        }
        for (RecoveryItem each : entities) {
            if (isReady(each, nowMillis)) {
                return ask(null, ownChannelIsOpen ? each : null);
            }
        }
        for (ChannelRecovery each : channels) {
            Object what = each.next(item -> isReady(item, nowMillis));
            if (what != null) {
                return ask(each, what);
            }
        }
        return null;
    }

    /** The step is done. @param reply null for an opened channel */
    public void succeeded(@Nullable AmqpMethod reply) {
        requireAsked();
        Object what = askedFor;
        if (askedOn != null && what != null) {
            askedOn.succeeded(what);
        } else if (what instanceof RecoveryItem item) {
            item.succeeded(renamed(item, reply));
        } else {
            ownChannelIsOpen = true;
        }
    }

    /** The step is refused, and its channel is closed. */
    public void failed(CloseReason reason, long nowMillis) {
        RecoveryStep step = requireAsked();
        if (askedOn != null && askedFor != null) {
            failed(askedOn, askedFor, reason, nowMillis);
        } else if (askedFor instanceof RecoveryItem item) {
            ownChannelIsOpen = false;
            if (!(isLocked(item, reason) && later(item, nowMillis))) {
                item.failed(reason);
                drop(((RecoveryStep.Ask) step).request(), reason);
            }
        } else {
            entities.stream().filter(RecoveryItem::isPending).forEach(each -> each.failed(reason));
        }
    }

    /** Whether no step is left. */
    public boolean isDone() {
        return asked == null
                && entities.stream().noneMatch(RecoveryItem::isPending)
                && channels.stream().allMatch(ChannelRecovery::isDone);
    }

    /** When to ask for the next step again, if there is none; {@link Long#MAX_VALUE}: never by time alone. */
    public long retryAtMillis() {
        return items().filter(RecoveryItem::isPending)
                .mapToLong(RecoveryItem::notBeforeMillis)
                .filter(at -> at != Long.MIN_VALUE)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** The outcome of each item so far, in the order of the plan; of channels only those that failed. */
    public List<RecoveryOutcome> outcomes() {
        return items().filter(each -> !each.isPending())
                .filter(each -> each.failure() != null || !(each.request() instanceof ChannelMethod))
                .map(RecoveryItem::outcome)
                .toList();
    }

    private Stream<RecoveryItem> items() {
        return Stream.concat(entities.stream(), channels.stream().flatMap(ChannelRecovery::items));
    }

    private boolean isReady(RecoveryItem item, long nowMillis) {
        RecoveryItem queue = queues.get(item.needs());
        return item.isReady(nowMillis) && (queue == null || !queue.isPending());
    }

    private RecoveryStep ask(@Nullable ChannelRecovery on, @Nullable Object what) {
        int number = on == null ? OWN_CHANNEL : on.number();
        AmqpMethod request = what instanceof RecoveryItem item ? named(item.request()) : (AmqpMethod) what;
        RecoveryStep step = request == null || request instanceof ChannelMethod.Open
                ? new RecoveryStep.OpenChannel(number)
                : new RecoveryStep.Ask(number, request);
        asked = step;
        askedOn = on;
        askedFor = what;
        return step;
    }

    private RecoveryStep requireAsked() {
        RecoveryStep step = asked;
        if (step == null) {
            throw new IllegalStateException("no step is being done");
        }
        asked = null;
        return step;
    }

    private void failed(ChannelRecovery on, Object what, CloseReason reason, long nowMillis) {
        boolean heldByTheOld = what instanceof RecoveryItem item
                && item.request() instanceof BasicMethod.Consume consume
                && consume.exclusive()
                && reason.code() == ReplyCode.ACCESS_REFUSED.code()
                && on.hasOneConsumer();
        if (heldByTheOld && later((RecoveryItem) what, nowMillis)) {
            on.closed();
            return;
        }
        on.failed(what, reason);
        if (on.isLost()) {
            topology.channelClosed(on.number());
        } else if (what instanceof RecoveryItem item && item.request() instanceof BasicMethod.Consume consume) {
            topology.consumerCancelled(on.number(), consume.consumerTag());
        }
    }

    private static boolean isLocked(RecoveryItem item, CloseReason reason) {
        return item.request() instanceof QueueMethod.Declare declare
                && declare.exclusive()
                && reason.code() == ReplyCode.RESOURCE_LOCKED.code();
    }

    private boolean later(RecoveryItem item, long nowMillis) {
        return item.later(options.lockedAttempts(), nowMillis + options.lockedRetryMillis());
    }

    /** The new name, if the server made one. */
    private @Nullable String renamed(RecoveryItem item, @Nullable AmqpMethod reply) {
        if (!(item.request() instanceof QueueMethod.Declare declare)
                || !declare.queue().isEmpty()
                || !(reply instanceof QueueMethod.DeclareOk ok)) {
            return null;
        }
        queues.forEach((before, each) -> {
            if (each == item) {
                newNames.put(before, ok.queue());
                topology.renamed(before, ok.queue());
            }
        });
        return ok.queue();
    }

    private AmqpMethod named(AmqpMethod request) {
        if (request instanceof QueueMethod.Bind bind) {
            String name = newNames.get(bind.queue());
            return name == null ? bind : Names.rename(bind, name);
        }
        if (request instanceof BasicMethod.Consume consume) {
            String name = newNames.get(consume.queue());
            return name == null ? consume : Names.rename(consume, name);
        }
        return request;
    }

    private void drop(AmqpMethod request, CloseReason reason) {
        if (request instanceof ExchangeMethod.Declare declare) {
            topology.exchanges.remove(declare.exchange());
        } else if (request instanceof QueueMethod.Declare declare) {
            queues.forEach((name, each) -> {
                if (each.request() == declare && each.failure() != null) {
                    dropQueue(name, declare.queue().isEmpty(), reason);
                }
            });
        } else if (request instanceof ExchangeMethod.Bind bind) {
            topology.exchangeBindings.remove(bind);
        } else if (request instanceof QueueMethod.Bind bind) {
            topology.queueBindings.remove(bind);
        }
    }

    /** Bindings and consumers may still find the queue, but not one whose name the server generates. */
    private void dropQueue(String name, boolean nameless, CloseReason reason) {
        if (nameless) {
            items().filter(each -> each.isPending() && each.needs().equals(name))
                    .forEach(each -> each.failed(reason));
            topology.queueGone(name);
        } else {
            topology.queues.remove(name);
        }
    }
}
