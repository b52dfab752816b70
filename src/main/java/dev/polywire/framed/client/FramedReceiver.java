package dev.polywire.framed.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The callers that wait for the next messages of a connection, in the order of their calls. It holds no message. */
final class FramedReceiver {

    /** More waiting callers are a programming error: each gets one message. */
    static final int MAX_WAITING = 1_024;

    private final ArrayDeque<Promise<FramedReceived>> waiting = new ArrayDeque<>();
    private @Nullable Future<FramedReceived> end;

    /** @param idle runs when the caller has given up and no other caller waits */
    Future<FramedReceived> next(@Nullable Deadline deadline, Runnable idle) {
        if (end != null) {
            return end;
        }
        if (waiting.size() >= MAX_WAITING) {
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED,
                    "waiting for messages: " + waiting.size() + " (expected: < " + MAX_WAITING + ")"));
        }
        Promise<FramedReceived> next = Promise.promise();
        waiting.add(next);
        if (deadline != null) {
            deadline.whenExpired(() -> {
                if (waiting.remove(next)) {
                    next.fail(new CallException(Reason.TIMEOUT, "no message by the deadline"));
                    if (waiting.isEmpty()) {
                        idle.run();
                    }
                }
            });
        }
        return next.future();
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Gives the message to the caller that has waited longest. */
    void received(Future<FramedReceived> message) {
        message.onComplete(waiting.remove());
    }

    /** Gives the end to all waiting and all later callers. */
    void ended(Future<FramedReceived> how) {
        end = how;
        for (Promise<FramedReceived> next = waiting.poll(); next != null; next = waiting.poll()) {
            how.onComplete(next);
        }
    }
}
