package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.bolt.wire.BoltState;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client: takes its requests one at a time, has them worked on by {@link Login} and {@link Work}, and answers. It stops
 * reading when the client asks faster than it is answered, or does not read.
 */
final class ServedConnection extends Connection<BoltServerEvent> {

    private static final Logger LOG = System.getLogger(ServedConnection.class.getName());

    private final BoltHandler handler;
    private final BoltServerMachine machine;
    private final ServerBounds bounds;
    private final Context context = Vertx.currentContext();
    private final Alarm alarm = new Alarm(context.owner(), this::ring);
    private final Login login;
    private final Work work;
    private @Nullable Asked current;
    /** When the handler must have answered the question that it was asked. */
    private long answerDueMillis = Alarm.NEVER;

    private long restsSinceMillis = Monotonic.millis();
    private long stallsSinceMillis = Alarm.NEVER;
    private boolean held;
    private boolean leaving;

    ServedConnection(
            OpenSocket<BoltServerEvent> socket,
            BoltServerMachine machine,
            BoltHandler handler,
            Login login,
            ServerBounds bounds) {
        super(socket);
        this.machine = machine;
        this.handler = handler;
        this.login = login;
        this.bounds = bounds;
        this.work = new Work(this, handler, bounds);
    }

    @Override
    protected void event(BoltServerEvent event) {
        if (event instanceof BoltServerEvent.Request request) {
            ask(request);
        } else if (event instanceof BoltServerEvent.Interrupted) {
            drop();
            work.fail();
        } else {
            close(CallException.lost("the client said goodbye"));
        }
    }

    @Override
    protected void ended(RuntimeException cause) {
        alarm.off();
        drop();
        work.fail().onComplete(done -> {
            if (login.isKnown()) {
                tell(() -> handler.closed(session(TransactionOptions.DEFAULT)));
            }
        });
    }

    @Override
    protected void received() {
        regulate();
    }

    @Override
    protected void written() {
        stallsSinceMillis = Alarm.NEVER;
        work.written();
        regulate();
    }

    @Override
    protected void drained() {
        written();
    }

    /** Looks for who does not read, and for who does not ask. */
    void look(long nowMillis) {
        if (socket().unwrittenBytes() == 0) {
            stallsSinceMillis = Alarm.NEVER;
        } else if (stallsSinceMillis == Alarm.NEVER) {
            stallsSinceMillis = nowMillis;
        } else if (nowMillis - stallsSinceMillis >= bounds.stallTimeoutMillis()) {
            socket().abort(CallException.lost(
                    "the client reads nothing (expected: within " + bounds.stallTimeoutMillis() + " ms)"));
            return;
        }
        if (bounds.idleTimeoutMillis() > 0
                && current == null
                && nowMillis - restsSinceMillis >= bounds.idleTimeoutMillis()) {
            close(CallException.lost(
                    "the client asks nothing (expected: within " + bounds.idleTimeoutMillis() + " ms)"));
        }
    }

    /** Closes as soon as nothing is open. */
    void leave() {
        leaving = true;
        leaveIfResting();
    }

    /** What is open fails, and the connection closes. */
    void stop(RuntimeException why) {
        if (current != null) {
            cut(current, why);
        }
        closeWritten(why);
    }

    boolean outputFull() {
        return outputBytes() >= bounds.maxOutputBytes();
    }

    /** @return false: nobody waits for it any more */
    boolean record(Asked asked, List<? extends @Nullable Object> row) {
        return machine.record(asked.number(), row);
    }

    void flush() {
        socket().flush();
    }

    boolean isCurrent(Asked asked) {
        return current == asked;
    }

    /** For a question that is asked now. */
    ServerSession session(TransactionOptions options) {
        long answerMillis = Monotonic.millis() + bounds.handlerTimeoutMillis();
        return login.session(options, Math.min(answerMillis, work.dueMillis()));
    }

    BoltVersion version() {
        return machine.version();
    }

    /** Tells the handler something that has no answer. */
    void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error bug) {
            report("handler", bug);
        }
    }

    /** What the client is not told. */
    void report(String what, Throwable cause) {
        LOG.log(Level.WARNING, what + " of " + target() + " failed", cause);
    }

    /** In a turn of its own. */
    void later(Runnable step) {
        socket().later(step);
    }

    /** Asks the handler for a part of what a request needs, and lets it have its time. */
    <T extends @Nullable Object> Future<T> call(Asked asked, Supplier<? extends Future<T>> question) {
        Future<T> answer = call(question);
        if (!answer.isComplete() && isCurrent(asked)) {
            answerDueMillis = Monotonic.millis() + bounds.handlerTimeoutMillis();
            alarm.by(answerDueMillis);
            answer.onComplete(done -> {
                if (isCurrent(asked)) {
                    answerDueMillis = Alarm.NEVER;
                }
            });
        }
        return answer;
    }

    /** Asks the handler; the answer comes on this context. */
    <T extends @Nullable Object> Future<T> call(Supplier<? extends Future<T>> question) {
        Future<T> answer;
        try {
            answer = question.get();
        } catch (RuntimeException | Error bug) {
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

    private void ask(BoltServerEvent.Request request) {
        BoltRequest what = request.request();
        long nowMillis = Monotonic.millis();
        login.hear(what, machine.version());
        work.hear(what, nowMillis);
        Asked asked = new Asked(request.number(), what, session(work.options(what)));
        current = asked;
        Future<Map<String, @Nullable Object>> answer = answer(asked);
        alarm.by(work.dueMillis());
        if (answer.isComplete()) {
            answered(asked, answer);
        } else {
            answer.onComplete(done -> answered(asked, answer));
        }
    }

    private Future<Map<String, @Nullable Object>> answer(Asked asked) {
        try {
            return Login.isPartOf(asked.message()) ? login.answer(this, asked) : work.answer(asked);
        } catch (RuntimeException bug) {
            return Future.failedFuture(bug);
        }
    }

    private void answered(Asked asked, Future<Map<String, @Nullable Object>> answer) {
        if (!isCurrent(asked)) {
            return;
        }
        if (answer.failed()) {
            failed(asked, answer.cause());
            return;
        }
        try {
            machine.success(asked.number(), answer.result());
        } catch (ProtocolException | IllegalArgumentException cannotBeSaid) {
            failed(asked, cannotBeSaid);
            return;
        }
        done();
    }

    private void failed(Asked asked, Throwable cause) {
        BoltResponse.Failure told = Failures.told(cause);
        if (told == null) {
            report(asked.message().name(), cause);
            told = Failures.bug();
        }
        current = null;
        work.fail();
        try {
            machine.failure(asked.number(), told);
        } catch (ProtocolException cannotBeSaid) {
            report("FAILURE", cannotBeSaid);
            machine.failure(asked.number(), Failures.bug());
        }
        done();
        if (machine.state() == BoltState.DEFUNCT) {
            close(new CallException(CallException.Reason.UNAUTHENTICATED, "the client was refused"));
        }
    }

    private void done() {
        current = null;
        answerDueMillis = Alarm.NEVER;
        restsSinceMillis = Monotonic.millis();
        socket().flush();
        regulate();
        socket().proceed();
        leaveIfResting();
    }

    /** Fails before the handler has answered. */
    private void cut(Asked asked, RuntimeException why) {
        drop();
        failed(asked, why);
    }

    /** Nobody waits for the answer any more. */
    private void drop() {
        Asked dropped = current;
        current = null;
        answerDueMillis = Alarm.NEVER;
        work.stop();
        if (dropped != null) {
            tell(dropped.session()::cancel);
        }
    }

    private void ring() {
        long nowMillis = Monotonic.millis();
        Asked late = current;
        if (late != null && nowMillis >= answerDueMillis) {
            cut(late, Failures.of(Failures.TIMED_OUT, "not done within " + bounds.handlerTimeoutMillis() + " ms"));
        } else if (nowMillis >= work.dueMillis()) {
            work.expire();
            if (late != null) {
                cut(late, Work.expired());
            }
        }
        alarm.by(Math.min(answerDueMillis, work.dueMillis()));
    }

    /** A request that is worked on is no reason not to read: a RESET may come. */
    private void regulate() {
        boolean hold = current == null ? outputFull() : machine.heldBytes() >= bounds.maxWaitingBytes();
        if (hold != held) {
            held = hold;
            if (hold) {
                socket().pause();
            } else {
                socket().resume();
            }
        }
    }

    private long outputBytes() {
        return machine.outputBytes() + socket().unwrittenBytes();
    }

    private void leaveIfResting() {
        BoltState state = machine.state();
        boolean resting = current == null
                && state != BoltState.STREAMING
                && state != BoltState.TX_READY
                && state != BoltState.TX_STREAMING;
        if (leaving && resting) {
            closeWritten(new CallException(CallException.Reason.SHUTTING_DOWN, "the server is leaving"));
        }
    }

    /** While its server leaves, a socket does not wait for what is written. */
    private void closeWritten(RuntimeException why) {
        socket().flush().onComplete(written -> close(why));
    }
}
