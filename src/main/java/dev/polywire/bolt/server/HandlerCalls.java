package dev.polywire.bolt.server;

import dev.polywire.core.net.FullHeap;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls of the handler for one client. Answers arrive on the connection's context; internal failures are logged. */
final class HandlerCalls {

    private static final Logger LOG = System.getLogger(HandlerCalls.class.getName());

    private final Context context = Vertx.currentContext();
    private final Alarm alarm;
    private final long timeoutMillis;
    private final String target;

    /** @param target the client, as text for people */
    HandlerCalls(Alarm alarm, long timeoutMillis, String target) {
        this.alarm = alarm;
        this.timeoutMillis = timeoutMillis;
        this.target = target;
    }

    /** @return when the answer to a call made now is due; the alarm expires then */
    long setAlarm() {
        long dueMillis = Monotonic.millis() + timeoutMillis;
        alarm.by(dueMillis);
        return dueMillis;
    }

    <T extends @Nullable Object> Future<T> call(Supplier<? extends Future<T>> question) {
        Future<T> answer;
        try {
            answer = question.get();
        } catch (RuntimeException | Error bug) {
            FullHeap.report(context, bug);
            return Future.failedFuture(bug);
        }
        if (answer == null) {
            return Future.failedFuture(new IllegalStateException("handler: null (expected: a future)"));
        }
        if (answer.isComplete()) {
            return answer;
        }
        Promise<T> here = Promise.promise();
        answer.onComplete(done -> {
            if (Vertx.currentContext() == context) {
                here.handle(done);
            } else {
                context.runOnContext(v -> here.handle(done));
            }
        });
        return here.future();
    }

    /** As {@link #call}, for a method without an answer. */
    void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error bug) {
            FullHeap.report(context, bug);
            report("handler", bug);
        }
    }

    /** Logs a failure whose text the client does not get. */
    void report(String what, Throwable cause) {
        LOG.log(Level.WARNING, what + " of " + target + " failed", cause);
    }
}
