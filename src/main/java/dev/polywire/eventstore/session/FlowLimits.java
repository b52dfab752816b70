package dev.polywire.eventstore.session;

import dev.polywire.core.wire.Limits;

/**
 * What a flow asks for at once, waits for, and keeps.
 *
 * @param pageSize events, 1 to 4,096
 * @param pageDeadlineMillis for one page, or for the confirmation of a catch-up subscription, which is asked for again then, 1 to 3,600,000
 * @param maxQueuedEvents pushed by the server and not yet pulled, 1 to 1,000,000
 * @param maxQueuedBytes of these, 1 to 1,073,741,824
 */
public record FlowLimits(int pageSize, long pageDeadlineMillis, int maxQueuedEvents, long maxQueuedBytes) {

    /** 500 events within 10 s; 10,000 events or 16 MiB. */
    public static final FlowLimits DEFAULT = new FlowLimits(500, 10_000, 10_000, 16L * 1024 * 1024);

    public FlowLimits {
        Limits.range("pageSize", pageSize, 1, 4_096);
        Limits.range("pageDeadlineMillis", pageDeadlineMillis, 1, 3_600_000);
        Limits.range("maxQueuedEvents", maxQueuedEvents, 1, 1_000_000);
        Limits.range("maxQueuedBytes", maxQueuedBytes, 1, 1L << 30);
    }

    /** The same with other pages. */
    public FlowLimits paged(int events) {
        return new FlowLimits(events, pageDeadlineMillis, maxQueuedEvents, maxQueuedBytes);
    }

    /** The same with another queue. */
    public FlowLimits queued(int events, long bytes) {
        return new FlowLimits(pageSize, pageDeadlineMillis, events, bytes);
    }
}
