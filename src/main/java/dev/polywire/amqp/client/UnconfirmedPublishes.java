package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.core.net.Deadline;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The publishes of one channel that wait for their confirm, by their numbers: a ring from the oldest to the newest. */
final class UnconfirmedPublishes {

    private static final int FIRST_SLOTS = 16;

    private @Nullable UnconfirmedPublish[] ring = new UnconfirmedPublish[FIRST_SLOTS];
    private long oldest = 1;
    private long next = 1;
    private int count;
    private long lateConfirms;

    /** Adds the next publish; its number is one more than that of the last. */
    void add(UnconfirmedPublish publish) {
        if (next - oldest == ring.length) {
            grow();
        }
        ring[slot(next++)] = publish;
        count++;
    }

    int count() {
        return count;
    }

    /** Confirms that arrived after their callers had given up. */
    long lateConfirms() {
        return lateConfirms;
    }

    /** A caller whose future completes here may publish, or close the channel. */
    void confirmed(long number, boolean multiple, boolean taken) {
        if (!multiple) {
            UnconfirmedPublish publish = remove(number);
            skip();
            confirmed(publish, taken);
        }
        while (multiple && oldest <= number && oldest < next) {
            confirmed(remove(oldest++), taken);
        }
        skip();
    }

    private void confirmed(@Nullable UnconfirmedPublish publish, boolean taken) {
        if (publish != null) {
            lateConfirms += publish.isOver() ? 1 : 0;
            publish.confirmed(taken);
        }
    }

    /** Whether the return is for one of these publishes. Of two equal ones it is for the older. */
    boolean returned(AmqpEvent.Returned back) {
        return returned(back, true) || returned(back, false);
    }

    private boolean returned(AmqpEvent.Returned back, boolean exactly) {
        for (long number = oldest; number < next; number++) {
            UnconfirmedPublish publish = ring[slot(number)];
            if (publish != null && publish.takes(back, exactly)) {
                return true;
            }
        }
        return false;
    }

    void expired(Deadline deadline) {
        for (UnconfirmedPublish publish : ring.clone()) {
            if (publish != null && publish.isLate(deadline)) {
                publish.expired();
            }
        }
    }

    void ended(RuntimeException cause) {
        boolean alone = count == 1;
        while (oldest < next) {
            UnconfirmedPublish publish = remove(oldest++);
            if (publish != null) {
                publish.ended(cause, alone);
            }
        }
    }

    private @Nullable UnconfirmedPublish remove(long number) {
        int slot = slot(number);
        UnconfirmedPublish publish = ring[slot];
        ring[slot] = null;
        count -= publish == null ? 0 : 1;
        return publish;
    }

    private void skip() {
        while (oldest < next && ring[slot(oldest)] == null) {
            oldest++;
        }
    }

    private int slot(long number) {
        return (int) number & (ring.length - 1);
    }

    private void grow() {
        @Nullable UnconfirmedPublish[] before = ring;
        ring = Arrays.copyOf(before, 2 * before.length);
        Arrays.fill(ring, null);
        for (long number = oldest; number < next; number++) {
            ring[slot(number)] = before[(int) number & (before.length - 1)];
        }
    }
}
