package dev.polywire.amqp.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A channel of a {@link MemoryPeer}, and what is unsettled on it. */
final class MemoryChannel {

    /** @param taker null: it was fetched */
    private record Out(MemoryQueue queue, MemoryQueue.Message message, MemoryQueue.Taker taker) {}

    int prefetchCount;
    long publishes;
    boolean confirms;
    boolean closing;
    private final MemoryBroker broker;
    private final Map<Long, Out> unsettled = new LinkedHashMap<>();
    private long deliveries;

    MemoryChannel(MemoryBroker broker) {
        this.broker = broker;
    }

    /** Whether this consumer has as much as it may. */
    boolean isFull(MemoryQueue.Taker taker) {
        long has = unsettled.values().stream()
                .filter(out -> taker.equals(out.taker()))
                .count();
        return taker.prefetchCount() > 0 && has >= taker.prefetchCount();
    }

    /** @return its delivery tag */
    long give(MemoryQueue queue, MemoryQueue.Message message, boolean noAck, MemoryQueue.Taker taker) {
        long tag = broker.firstTag + deliveries++;
        if (!noAck) {
            broker.note("given");
            unsettled.put(tag, new Out(queue, message, taker));
        }
        return tag;
    }

    /** @return false if the tag is unknown */
    boolean settle(long tag, boolean multiple, String what) {
        if (!unsettled.containsKey(tag)) {
            return false;
        }
        List<Long> tags = unsettled.keySet().stream()
                .filter(each -> each == tag || multiple && each < tag)
                .toList();
        for (long each : tags) {
            Out out = unsettled.remove(each);
            broker.note(what);
            if (what.equals("returned")) {
                out.queue().giveBack(out.message());
            }
        }
        return true;
    }

    /** All that is unsettled is in its queue again, in order. */
    void takeBack() {
        List<Out> outs = new ArrayList<>(unsettled.values());
        unsettled.clear();
        Collections.reverse(outs);
        outs.forEach(out -> {
            broker.note("taken back");
            out.queue().giveBack(out.message());
        });
    }
}
