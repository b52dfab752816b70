package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.PendingCalls;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one channel that wait for their answers, oldest first. A request whose caller has given up stays here
 * until its answer arrives; that answer is dropped.
 */
final class AmqpCalls {

    private final ArrayDeque<AmqpCall> waiting = new ArrayDeque<>();
    private int givenUp;
    private long lateAnswers;

    void add(AmqpCall call) {
        waiting.add(call);
    }

    /** Gives an answer to its request. */
    void answered(AmqpEvent.Reply reply) {
        AmqpCall call = remove(reply.request());
        if (call.isOver()) {
            givenUp--;
            lateAnswers++;
        }
        call.answered(reply);
    }

    /** @return the calls that failed because this deadline passed */
    List<AmqpCall> expired(Deadline deadline) {
        List<AmqpCall> late =
                waiting.stream().filter(call -> call.isLate(deadline)).toList();
        givenUp += late.size();
        late.forEach(AmqpCall::expired);
        return late;
    }

    /** Whether so many callers have given up that their answers are not expected any more. */
    boolean isHopeless() {
        return givenUp > PendingCalls.MAX_GIVEN_UP;
    }

    long lateAnswers() {
        return lateAnswers;
    }

    /** The call whose answer comes next, or null. */
    @Nullable
    AmqpCall oldest() {
        return waiting.peek();
    }

    void ended(RuntimeException cause) {
        for (AmqpCall call = waiting.poll(); call != null; call = waiting.poll()) {
            call.ended(cause);
        }
    }

    /** The answer is nearly always for the first call. */
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
