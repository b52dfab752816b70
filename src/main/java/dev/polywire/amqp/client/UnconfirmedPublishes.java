package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.net.CallException;
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

    /**
     * The channel or the connection has ended. What the broker complains of had no effect, and what came behind it on the
     * channel neither, since a broker works through a channel in order; the rest may have had its effect.
     *
     * @param only whether a broker that names a publish as the cause means one of these, and none of another channel
     */
    void ended(RuntimeException cause, boolean only) {
        AmqpException blame =
                only && cause instanceof AmqpException why && why.blames(ContentMethod.Publish.ID) ? why : null;
        boolean alone = count == 1;
        long unreached = blame == null ? Long.MAX_VALUE : unreached(blame);
        while (oldest < next) {
            long number = oldest++;
            UnconfirmedPublish publish = remove(number);
            if (publish == null) {
                continue;
            }
            if (blame != null && (alone || publish.isMeant(blame.reason()))) {
                publish.failed(blame);
            } else if (number > unreached) {
                publish.failed(CallException.lost("not executed: " + cause.getMessage(), cause));
            } else {
                publish.lost(cause);
            }
        }
    }

    /** The last that the broker may have looked at when it closed the channel. Several too large ones: it is the first. */
    private long unreached(AmqpException blame) {
        boolean first = blame.reason().tooLargeBytes() >= 0;
        long last = Long.MAX_VALUE;
        for (long number = oldest; number < next && blame.kind() == AmqpException.Kind.CHANNEL_CLOSED; number++) {
            UnconfirmedPublish publish = ring[slot(number)];
            if (publish != null && publish.isMeant(blame.reason())) {
                last = number;
                if (first) {
                    break;
                }
            }
        }
        return last;
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
