package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerEvent;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The request being worked on, until it is answered or nobody waits for its answer any more. */
final class CurrentRequest {

    final long number;
    final BoltRequest request;
    final ServerSession session;
    private final HandlerCalls calls;
    private long answerDueMillis = Alarm.NEVER;
    private boolean over;

    CurrentRequest(BoltServerEvent.Request event, ServerSession session, HandlerCalls calls) {
        this.number = event.number();
        this.request = event.request();
        this.session = session;
        this.calls = calls;
    }

    /** When the handler must have answered the question that it was asked. */
    long answerDueMillis() {
        return answerDueMillis;
    }

    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Asks the handler for a part of what it needs, and lets it have its time. */
    <T extends @Nullable Object> Future<T> call(Supplier<? extends Future<T>> question) {
        Future<T> answer = calls.call(question);
        if (!answer.isComplete() && !over) {
            answerDueMillis = calls.setAlarm();
            answer.onComplete(done -> answerDueMillis = Alarm.NEVER);
        }
        return answer;
    }
}
