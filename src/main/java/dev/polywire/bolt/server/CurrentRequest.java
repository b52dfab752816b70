package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerEvent;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The request in progress, until it is answered or its client no longer waits. */
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

    /** When the handler's answer is due. */
    long answerDueMillis() {
        return answerDueMillis;
    }

    void end() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Makes one of the request's calls to the handler, and starts its timeout. */
    <T extends @Nullable Object> Future<T> call(Supplier<? extends Future<T>> question) {
        Future<T> answer = calls.call(question);
        if (!answer.isComplete() && !over) {
            answerDueMillis = calls.setAlarm();
            answer.onComplete(done -> answerDueMillis = Alarm.NEVER);
        }
        return answer;
    }
}
