package dev.polywire.amqp.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one channel comes back: open, mode, then each consumer behind the qos it began with, and the last qos. When a consumer
 * fails, the channel is closed with all that was on it, and begins anew without that one.
 */
final class ChannelRecovery {

    /** How a channel begins. */
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

    /** What is to be asked; null: nothing now. An item is to be asked with the names of now. */
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

    /** What was asked failed, and the channel is closed. */
    void failed(Object asked, CloseReason reason) {
        if (asked instanceof RecoveryItem item && item != opened) {
            item.failed(reason);
            closed();
        } else {
            // A channel without its mode or its qos is another one.
            opened.failed(reason);
            consumers.keySet().stream().filter(each -> each.failure() == null).forEach(each -> each.failed(reason));
        }
    }

    /** The channel is closed; what was on it is to be asked again. */
    void closed() {
        modeIsSet = false;
        qos = UNLIMITED;
        opened.again();
        consumers.keySet().forEach(RecoveryItem::again);
    }

    /** Whether it does not come back. */
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
