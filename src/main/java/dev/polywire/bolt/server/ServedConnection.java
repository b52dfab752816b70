package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltServerEvent;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.bolt.wire.BoltState;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client: takes its requests one at a time, passes them to {@link Login} and {@link StatementProcessor}, and sends the
 * answers. It stops reading when requests arrive faster than they are answered, or when the client does not read.
 */
final class ServedConnection extends Connection<BoltServerEvent> {

    private final BoltServerMachine machine;
    private final ServerBounds bounds;
    private final Login login;
    private final Alarm alarm = new Alarm(this::ring);
    private final HandlerCalls calls;
    private final RowOutput output;
    private final StatementProcessor statements;
    private @Nullable CurrentRequest current;
    private long restsSinceMillis = Monotonic.millis();
    private long stallsSinceMillis = Alarm.NEVER;
    private boolean leaving;

    ServedConnection(
            OpenSocket<BoltServerEvent> socket,
            BoltServerMachine machine,
            BoltHandler handler,
            Login login,
            String database,
            ServerBounds bounds) {
        super(socket);
        this.machine = machine;
        this.bounds = bounds;
        this.login = login;
        this.calls = new HandlerCalls(alarm, bounds.handlerTimeoutMillis(), target());
        this.output = new RowOutput(machine, socket(), bounds.maxOutputBytes());
        this.statements = new StatementProcessor(handler, calls, output, login, database, bounds);
    }

    @Override
    protected void event(BoltServerEvent event) {
        if (event instanceof BoltServerEvent.Request request) {
            ask(request);
        } else if (event instanceof BoltServerEvent.Interrupted) {
            drop();
            statements.fail();
        } else {
            close(CallException.lost("the client said goodbye"));
        }
    }

    @Override
    protected void ended(RuntimeException cause) {
        alarm.off();
        drop();
        statements.end();
    }

    /** The request in progress, and the results that the client has not read. */
    @Override
    protected long heldBytes() {
        return JsonWeight.of(machine.requestBytes(), machine.requestValues()) + statements.heldBytes();
    }

    @Override
    protected void received() {
        regulate();
    }

    @Override
    protected void written() {
        stallsSinceMillis = Alarm.NEVER;
        statements.written();
        regulate();
    }

    @Override
    protected void drained() {
        written();
    }

    /** Closes the connection of a client that does not read, or sends no request. */
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

    /** Closes as soon as no result, request or transaction is open. */
    void leave() {
        leaving = true;
        leaveIfResting();
    }

    /** Fails open requests and closes the connection. */
    void stop(RuntimeException why) {
        if (current != null) {
            cut(current, why);
        }
        closeWritten(why);
    }

    private void ask(BoltServerEvent.Request event) {
        login.hear(event.request(), machine.version());
        CurrentRequest request = new CurrentRequest(event, statements.hear(event.request()), calls);
        current = request;
        Future<Map<String, @Nullable Object>> answer = answer(request);
        alarm.by(statements.dueMillis());
        if (answer.isComplete()) {
            answered(request, answer);
        } else {
            answer.onComplete(done -> answered(request, answer));
        }
    }

    private Future<Map<String, @Nullable Object>> answer(CurrentRequest request) {
        if (request.request instanceof BoltRequest.Invalid invalid) {
            return Future.failedFuture(Failures.of(BoltResponse.Failure.INVALID_REQUEST, invalid.complaint()));
        }
        try {
            return Login.isPartOf(request.request.message()) ? login.answer(request) : statements.answer(request);
        } catch (RuntimeException bug) {
            return Future.failedFuture(bug);
        }
    }

    private void answered(CurrentRequest request, Future<Map<String, @Nullable Object>> answer) {
        if (request.isOver()) {
            return;
        }
        if (answer.failed()) {
            failed(request, answer.cause());
            return;
        }
        try {
            machine.success(request.number, answer.result());
        } catch (ProtocolException | IllegalArgumentException cannotBeSaid) {
            failed(request, cannotBeSaid);
            return;
        }
        done();
    }

    private void failed(CurrentRequest request, Throwable cause) {
        BoltResponse.Failure told = Failures.told(cause);
        if (told == null) {
            calls.report(request.request.message().name(), cause);
            told = Failures.bug();
        }
        endCurrent();
        statements.fail();
        try {
            machine.failure(request.number, told);
        } catch (ProtocolException cannotBeSaid) {
            calls.report("FAILURE", cannotBeSaid);
            machine.failure(request.number, Failures.bug());
        }
        done();
        if (machine.state() == BoltState.DEFUNCT) {
            close(new CallException(CallException.Reason.UNAUTHENTICATED, "the client was refused"));
        }
    }

    private void done() {
        endCurrent();
        restsSinceMillis = Monotonic.millis();
        socket().flush();
        regulate();
        socket().proceed();
        leaveIfResting();
    }

    /** Fails the request before the handler has answered. */
    private void cut(CurrentRequest request, RuntimeException why) {
        drop();
        failed(request, why);
    }

    /** The client no longer waits for the answer. */
    private void drop() {
        CurrentRequest dropped = current;
        endCurrent();
        statements.stop();
        if (dropped != null) {
            calls.tell(dropped.session::cancel);
        }
    }

    private void endCurrent() {
        if (current != null) {
            current.end();
            current = null;
        }
    }

    private void ring() {
        long nowMillis = Monotonic.millis();
        CurrentRequest late = current;
        if (late != null && nowMillis >= late.answerDueMillis()) {
            cut(late, Failures.of(Failures.TIMED_OUT, "not done within " + bounds.handlerTimeoutMillis() + " ms"));
        } else if (nowMillis >= statements.dueMillis()) {
            statements.expire();
            if (late != null) {
                cut(late, StatementProcessor.expired());
            }
        }
        alarm.by(Math.min(current == null ? Alarm.NEVER : current.answerDueMillis(), statements.dueMillis()));
    }

    /** A request in progress does not stop reading: a RESET may follow. */
    private void regulate() {
        hold(current == null ? output.isFull() : machine.heldBytes() >= bounds.maxWaitingBytes());
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

    /** While its server stops, a socket does not wait for unwritten bytes. */
    private void closeWritten(RuntimeException why) {
        socket().flush().onComplete(written -> close(why));
    }
}
