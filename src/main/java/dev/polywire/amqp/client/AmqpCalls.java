package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.PendingCalls;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one channel that wait for their answers, oldest first. One whose caller has given up is kept until its
 * answer comes, which is nobody's then.
 */
final class AmqpCalls {

    private final ArrayDeque<AmqpCall> waiting = new ArrayDeque<>();
    private int givenUp;
    private long lateAnswers;

    void add(AmqpCall call) {
        waiting.add(call);
    }

    /** Hands out an answer. */
    void answered(AmqpEvent.Reply reply) {
        AmqpCall call = remove(reply.request());
        if (call.isOver()) {
            givenUp--;
            lateAnswers++;
        }
        call.answered(reply);
    }

    /** @return the calls that have failed by it */
    List<AmqpCall> expired(Deadline deadline) {
        List<AmqpCall> late =
                waiting.stream().filter(call -> call.isLate(deadline)).toList();
        givenUp += late.size();
        late.forEach(AmqpCall::expired);
        return late;
    }

    /** Whether so many answers are missing that there is nobody to give them. */
    boolean isHopeless() {
        return givenUp > PendingCalls.MAX_GIVEN_UP;
    }

    long lateAnswers() {
        return lateAnswers;
    }

    /** The one whose answer comes next, or null. */
    @Nullable
    AmqpCall oldest() {
        return waiting.peek();
    }

    void ended(RuntimeException cause) {
        for (AmqpCall call = waiting.poll(); call != null; call = waiting.poll()) {
            call.ended(cause);
        }
    }

    /** Nearly always the first. */
    private AmqpCall remove(long number) {
        for (Iterator<AmqpCall> each = waiting.iterator(); each.hasNext(); ) {
            AmqpCall call = each.next();
            if (call.number() == number) {
                each.remove();
                return call;
            }
        }
        throw new IllegalStateException("an answer to " + number + ", which the machine has made up");
    }
}
