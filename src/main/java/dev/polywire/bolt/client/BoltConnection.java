package dev.polywire.bolt.client;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientMachine;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltEvent;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltServerInfo;
import dev.polywire.bolt.wire.BoltState;
import dev.polywire.bolt.wire.FailureKind;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection, for one user at a time: requests of one turn of the event loop are one write, and are answered in their
 * order. Belongs to the context of its socket.
 *
 * <pre>{@code
 *   BoltResult one = connection.run(query, deadline);      both statements, and the PULLs, in one write
 *   one.pull(1_000, row -> true);
 *   BoltResult two = connection.run(another, deadline);
 *   two.discard();
 * }</pre>
 *
 * <p>When a request fails, later requests that were sent fail with the same {@link BoltException}; the connection recovers
 * by ACK_FAILURE in versions 1 and 2, else by RESET, which ends a transaction.
 *
 * <p>Every future fails with a {@link BoltException}; with a {@link CallException}: CONNECTION_LOST, UNKNOWN_OUTCOME for a
 * COMMIT or a writing query outside of transactions, TIMEOUT, BAD_REQUEST, LIMIT_EXCEEDED, SHUTTING_DOWN; or with the
 * {@link ProtocolException} of an answer that could not be read.
 */
public final class BoltConnection extends Connection<BoltEvent> {

    /** How long a server may take to answer a RESET, which it must answer at once. */
    static final long MEND_MILLIS = 10_000;

    private final BoltClientMachine machine;
    private final ArrayDeque<BoltCall> pending = new ArrayDeque<>();
    private final List<Gatherer> gatherers = new ArrayList<>(1);
    private @Nullable BoltServerInfo server;
    private @Nullable BoltResult lastRun;
    /** The state if every request sent so far succeeds. */
    private boolean inTransaction;
    /** The earlier failure that makes the server ignore requests. */
    private RuntimeException mending = CallException.lost("ignored by the server");

    /** Collects records until it has as many as it wants. */
    public interface Gatherer {

        /** What the collected records take in memory. */
        default long heldBytes() {
            return 0;
        }
    }

    private BoltConnection(OpenSocket<BoltEvent> socket, BoltClientMachine machine) {
        super(socket);
        this.machine = machine;
    }

    /**
     * Dials, agrees on a version and logs on.
     *
     * @return fails as {@link Dialer#connect}, with UNAUTHENTICATED when the login is refused, or with the
     *     {@link BoltException} of another refusal
     */
    public static Future<BoltConnection> connect(Dialer dialer, BoltClientOptions options) {
        BoltClientMachine machine = new BoltClientMachine(options, dialer.tap());
        return dialer.connect(machine, socket -> new BoltConnection(socket, machine));
    }

    @Override
    protected boolean hasHandshake() {
        return true;
    }

    /** What the server reported about itself. */
    public BoltServerInfo server() {
        if (server == null) {
            throw new IllegalStateException("before the handshake");
        }
        return server;
    }

    /** Sends a query; its records follow on demand. The deadline is that of {@link BoltResult#opened}. */
    public BoltResult run(BoltRequest.Run query, Deadline deadline) {
        BoltResult result =
                new BoltResult(this, !inTransaction && !query.options().readOnly());
        lastRun = result;
        boolean told = server().version().hasTransactions();
        result.open(
                told
                        ? query
                        : new BoltRequest.Run(
                                query.query(),
                                query.parameters(),
                                query.options().untold()),
                deadline);
        return result;
    }

    /**
     * As {@link #run}, but only in a transaction: if a failure has ended it, the query fails with that failure.
     *
     * @param failed why its transaction has ended or never begun, as far as its owner knows; also a refusal of our own
     */
    public BoltResult runInTransaction(BoltRequest.Run query, @Nullable Throwable failed, Deadline deadline) {
        if (failed == null && (inTransaction || isClosed())) {
            return run(query, deadline);
        }
        BoltResult result = new BoltResult(this, false);
        result.failed(failed == null ? mending : failed);
        return result;
    }

    /** BEGIN, COMMIT, ROLLBACK, ROUTE, TELEMETRY: requests with an answer and no records. */
    public Future<BoltResponse.Success> send(BoltRequest request, Deadline deadline) {
        return send(new BoltCall(request, request.message() == BoltMessage.COMMIT, deadline));
    }

    /** Changes the user; from Bolt 5.1 on. If it fails, the connection is closed. */
    public Future<Void> logon(AuthToken user, Deadline deadline) {
        send(new BoltCall(new BoltRequest.Logoff(), false, deadline));
        return send(new BoltCall(new BoltRequest.Logon(user), false, deadline)).mapEmpty();
    }

    /** Stops running queries and ends open results; earlier requests fail with {@code why}. */
    public Future<Void> reset(RuntimeException why) {
        mending = why;
        hold(false);
        return mend(new BoltRequest.Reset());
    }

    /** Whether no result is open and no request outstanding. */
    public boolean isIdle() {
        return !isClosed() && pending.isEmpty() && machine.state() == BoltState.READY;
    }

    /** Sends GOODBYE and closes. */
    public void close() {
        close(new CallException(Reason.SHUTTING_DOWN, "the connection is closed"));
    }

    @Override
    public void close(RuntimeException cause) {
        boolean canSayGoodbye = server != null && server.version().hasTransactions();
        if (canSayGoodbye && !isClosed() && machine.stateAhead() != BoltState.DEFUNCT) {
            machine.send(new BoltRequest.Goodbye(), Monotonic.millis());
        }
        socket().close(cause);
    }

    @Override
    protected void event(BoltEvent event) {
        if (event instanceof BoltEvent.Record row) {
            first().row(row.record());
        } else if (event instanceof BoltEvent.Answer answer) {
            answered(pending.remove(), answer.response());
        } else if (event instanceof BoltEvent.Undecodable bad) {
            first().failed(bad.cause());
        } else if (event instanceof BoltEvent.Ready up) {
            server = up.server();
            ready();
        } else if (event instanceof BoltEvent.Refused refused) {
            close(refusal(new BoltException(refused.failure())));
        }
    }

    private RuntimeException refusal(BoltException refused) {
        return refused.kind() == FailureKind.UNAUTHENTICATED
                ? CallException.refused(Reason.UNAUTHENTICATED, target(), "the login", refused)
                : refused;
    }

    @Override
    protected void ended(RuntimeException cause) {
        List<BoltCall> sent = List.copyOf(pending);
        pending.clear();
        Call.lost(sent, cause);
    }

    /** From now on what {@code gatherer} collects is held for this connection, until {@link #gathered}. */
    public void gathers(Gatherer gatherer) {
        gatherers.add(gatherer);
    }

    public void gathered(Gatherer gatherer) {
        gatherers.remove(gatherer);
    }

    @Override
    protected long heldBytes() {
        long bytes = 0;
        for (int i = 0; i < gatherers.size(); i++) {
            bytes += gatherers.get(i).heldBytes();
        }
        return bytes;
    }

    @Override
    protected boolean isGathering() {
        return !gatherers.isEmpty();
    }

    Future<BoltResponse.Success> send(BoltCall call) {
        Deadline deadline = call.deadline();
        RuntimeException closed = whyClosed();
        if (closed != null) {
            call.lost(closed);
        } else if (deadline != null && deadline.expired()) {
            call.expired();
        } else {
            call.queued(spi(), "bolt");
            write(call);
        }
        return call.answer();
    }

    private void write(BoltCall call) {
        try {
            machine.send(call.takeRequest(), Monotonic.millis());
        } catch (IllegalStateException | ProtocolException refused) {
            call.refused(refused);
            return;
        }
        follow(call.message());
        watch(call);
        call.sent();
        pending.add(call);
        socket().flush();
    }

    /** Drops answers that arrive after the deadline of {@code call}. */
    void watch(BoltCall call) {
        Deadline deadline = call.deadline();
        if (deadline != null) {
            call.watch(() -> expired(deadline));
        }
    }

    /** Whether no other query was sent after this one. */
    boolean isLast(BoltResult result) {
        return lastRun == result;
    }

    /** Stops the request of a late call, and the requests sent after it. */
    private void expired(Deadline deadline) {
        if (!isClosed() && pending.stream().anyMatch(call -> call.isLate(deadline))) {
            List.copyOf(pending).forEach(BoltCall::expired);
            reset(new CallException(Reason.TIMEOUT, "no answer by the deadline"));
        }
    }

    private void follow(BoltMessage sent) {
        switch (sent) {
            case BEGIN -> inTransaction = true;
            case COMMIT, ROLLBACK, RESET -> inTransaction = false;
            default -> {}
        }
    }

    private void answered(BoltCall call, BoltResponse response) {
        if (response instanceof BoltResponse.Success success) {
            call.answered(success);
        } else if (response instanceof BoltResponse.Failure failure) {
            BoltException why = new BoltException(failure);
            if (machine.stateAhead() == BoltState.FAILED) {
                // Before the callers are notified, so that their next requests follow the recovery.
                mending = why;
                mend(server().version().hasAckFailure() ? new BoltRequest.AckFailure() : new BoltRequest.Reset());
            }
            call.failed(why);
            if (machine.state() == BoltState.DEFUNCT) {
                close(why);
            }
        } else {
            call.failed(mending);
        }
    }

    /** Recovers the connection; a server that does not answer counts as lost. */
    private Future<Void> mend(BoltRequest by) {
        Deadline patience = Deadline.after(Vertx.currentContext().owner(), MEND_MILLIS);
        patience.whenExpired(
                () -> drop(CallException.lost(by.message() + ": no answer (expected: within " + MEND_MILLIS + " ms)")));
        return send(new BoltCall(by, false, null)).<Void>mapEmpty().onComplete(answered -> patience.met());
    }

    private BoltCall first() {
        BoltCall first = pending.peek();
        if (first == null) {
            throw new IllegalStateException("an answer to nobody");
        }
        return first;
    }
}
