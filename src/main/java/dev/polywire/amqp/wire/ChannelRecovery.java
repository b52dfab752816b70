package dev.polywire.amqp.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one channel is recovered: open, mode, then each consumer after the qos it began with, and the last qos. When a
 * consumer fails, the channel closes with everything on it, and starts again without that consumer.
 */
final class ChannelRecovery {

    /** The initial qos of a channel. */
    private static final BasicMethod.Qos UNLIMITED = new BasicMethod.Qos(0, 0, false);

    private final int number;
    private final @Nullable AmqpMethod mode;
    private final BasicMethod.Qos lastQos;
    private final Map<RecoveryItem, BasicMethod.Qos> consumers = new LinkedHashMap<>();
    private final RecoveryItem opened = new RecoveryItem(new ChannelMethod.Open(), "");
    private boolean modeIsSet;
    private BasicMethod.Qos qos = UNLIMITED;

    ChannelRecovery(int number, Topology.Channel channel) {
        this.number = number;
        this.mode = channel.mode;
        this.lastQos = channel.qos;
        channel.consumers
                .values()
                .forEach(each -> consumers.put(
                        new RecoveryItem(each.consume(), each.consume().queue()), each.qos()));
    }

    int number() {
        return number;
    }

    /** The next request; null: none now. An item must be requested with its present names. */
    @Nullable
    Object next(Predicate<RecoveryItem> isReady) {
        if (opened.failure() != null) {
            return null;
        }
        if (opened.isPending()) {
            return opened;
        }
        if (mode != null && !modeIsSet) {
            return mode;
        }
        for (Map.Entry<RecoveryItem, BasicMethod.Qos> each : consumers.entrySet()) {
            if (isReady.test(each.getKey())) {
                BasicMethod.Qos wanted = each.getValue();
                return wanted.equals(qos) ? each.getKey() : wanted;
            }
        }
        boolean isLast = consumers.keySet().stream().noneMatch(RecoveryItem::isPending);
        return isLast && !lastQos.equals(qos) ? lastQos : null;
    }

    boolean isDone() {
        return opened.failure() != null || next(RecoveryItem::isPending) == null;
    }

    void succeeded(Object asked) {
        if (asked instanceof RecoveryItem item) {
            item.succeeded(null);
        } else if (asked instanceof BasicMethod.Qos set) {
            qos = set;
        } else {
            modeIsSet = true;
        }
    }

    /** The request failed, and the channel is closed. */
    void failed(Object asked, CloseReason reason) {
        if (asked instanceof RecoveryItem item && item != opened) {
            item.failed(reason);
            closed();
        } else {
            // A channel without its mode or its qos would behave differently.
            opened.failed(reason);
            consumers.keySet().stream().filter(each -> each.failure() == null).forEach(each -> each.failed(reason));
        }
    }

    /** The channel is closed; everything on it must be requested again. */
    void closed() {
        modeIsSet = false;
        qos = UNLIMITED;
        opened.again();
        consumers.keySet().forEach(RecoveryItem::again);
    }

    /** Whether it cannot be recovered. */
    boolean isLost() {
        return opened.failure() != null;
    }

    boolean hasOneConsumer() {
        return consumers.size() == 1;
    }

    Stream<RecoveryItem> items() {
        return Stream.concat(Stream.of(opened), consumers.keySet().stream());
    }
}
