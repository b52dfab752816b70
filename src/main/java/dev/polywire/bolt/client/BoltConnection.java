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
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection, for one user at a time: what is asked in one turn of the event loop is one write, and is answered in its
 * order. Belongs to the context of its socket.
 *
 * <pre>{@code
 *   BoltResult one = connection.run(query, deadline);      both statements, and the PULLs, in one write
 *   one.pull(1_000, row -> true);
 *   BoltResult two = connection.run(another, deadline);
 *   two.discard();
 * }</pre>
 *
 * <p>When a request fails, those sent behind it fail with the same {@link BoltException}, and the connection mends itself:
 * by ACK_FAILURE in versions 1 and 2, else by RESET, which ends a transaction.
 *
 * <p>Every future fails with a {@link BoltException}; with a {@link CallException}: CONNECTION_LOST, UNKNOWN_OUTCOME for a
 * COMMIT or a writing query outside of transactions, TIMEOUT, BAD_REQUEST, LIMIT_EXCEEDED, SHUTTING_DOWN; or with the
 * {@link ProtocolException} of an answer that could not be read.
 */
public final class BoltConnection implements Link.Connection, MachineSocket.Listener<BoltEvent> {

    /** How long a server may take to answer a RESET, which it must do at once. */
    static final long MEND_MILLIS = 10_000;

    private final BoltClientMachine machine;
    private final Spi spi;
    private final ArrayDeque<BoltCall> pending = new ArrayDeque<>();
    private final Promise<BoltConnection> ready = Promise.promise();
    private @Nullable MachineSocket<BoltEvent> socket;
    private @Nullable BoltServerInfo server;
    private @Nullable Handler<RuntimeException> closeHandler;
    private @Nullable RuntimeException closed;
    private @Nullable BoltResult lastRun;
    /** If all that was sent succeeds. */
    private boolean inTransaction;
    /** Why requests come back ignored, since something failed. */
    private RuntimeException mending = new CallException(Reason.CONNECTION_LOST, "ignored by the server");

    private BoltConnection(BoltClientMachine machine, Spi spi) {
        this.machine = machine;
        this.spi = spi;
    }

    /**
     * Dials, agrees on a version and logs on.
     *
     * @return fails with a {@link CallException}, with the {@link BoltException} that refused us, or with the {@link
     *     ProtocolException} that ended the handshake
     */
    public static Future<BoltConnection> connect(Dialer dialer, BoltClientOptions options, Spi spi) {
        BoltClientMachine machine = new BoltClientMachine(options, dialer.tap());
        BoltConnection connection = new BoltConnection(machine, spi);
        return dialer.<BoltEvent>dial(machine, connection).compose(socket -> {
            connection.socket = socket;
            machine.start(Monotonic.millis());
            socket.flush();
            return connection.ready.future();
        });
    }

    /** What the server said of itself. */
    public BoltServerInfo server() {
        if (server == null) {
            throw new IllegalStateException("before the handshake");
        }
        return server;
    }

    /** Where it was dialled, for people. */
    public String target() {
        return socket().target();
    }

    /** Sends a query; its rows come when they are asked for. The deadline is that of {@link BoltResult#opened}. */
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

    /** As {@link #run}, never outside of a transaction: one that a failure has ended fails with that. */
    public BoltResult runInTransaction(BoltRequest.Run query, Deadline deadline) {
        if (inTransaction || closed != null) {
            return run(query, deadline);
        }
        BoltResult result = new BoltResult(this, false);
        result.failed(mending);
        return result;
    }

    /** BEGIN, COMMIT, ROLLBACK, ROUTE, TELEMETRY: what has an answer and no rows. */
    public Future<BoltResponse.Success> send(BoltRequest request, Deadline deadline) {
        return send(new BoltCall(request, request.message() == BoltMessage.COMMIT).until(deadline));
    }

    /** Another user from now on; from Bolt 5.1 on. Where it fails the connection is closed. */
    public Future<Void> logon(AuthToken user, Deadline deadline) {
        send(new BoltCall(new BoltRequest.Logoff(), false).until(deadline));
        return send(new BoltCall(new BoltRequest.Logon(user), false).until(deadline))
                .mapEmpty();
    }

    /** Ends what runs and what is open, and what it was told before fails with {@code why}. */
    public Future<Void> reset(RuntimeException why) {
        mending = why;
        hold(false);
        return mend(new BoltRequest.Reset());
    }

    /** Whether nothing is open and nothing on its way. */
    public boolean isIdle() {
        return closed == null && pending.isEmpty() && machine.state() == BoltState.READY;
    }

    public boolean isClosed() {
        return closed != null;
    }

    /** Says goodbye and closes. */
    public void close() {
        close(new CallException(Reason.SHUTTING_DOWN, "the connection is closed"));
    }

    @Override
    public void close(RuntimeException cause) {
        boolean canSayGoodbye = server != null && server.version().hasTransactions();
        if (canSayGoodbye && closed == null && machine.stateAhead() != BoltState.DEFUNCT) {
            machine.send(new BoltRequest.Goodbye(), Monotonic.millis());
        }
        socket().close(cause);
    }

    @Override
    public void closeHandler(Handler<RuntimeException> handler) {
        closeHandler = handler;
        if (closed != null) {
            handler.handle(closed);
        }
    }

    @Override
    public void event(BoltEvent event) {
        if (event instanceof BoltEvent.Record row) {
            first().row(row.record());
        } else if (event instanceof BoltEvent.Answer answer) {
            answered(pending.remove(), answer.response());
        } else if (event instanceof BoltEvent.Undecodable bad) {
            first().failed(bad.cause());
        } else if (event instanceof BoltEvent.Ready up) {
            server = up.server();
            ready.tryComplete(this);
        } else if (event instanceof BoltEvent.Refused refused) {
            BoltException why = new BoltException(refused.failure());
            ready.tryFail(why);
            close(why);
        }
    }

    @Override
    public void closed(RuntimeException cause) {
        closed = cause;
        ready.tryFail(notReady(cause));
        boolean first = true;
        for (BoltCall call = pending.poll(); call != null; call = pending.poll()) {
            spi.answered(call.span(), cause);
            if (first && cause instanceof ProtocolException violation && !violation.isSilence()) {
                call.failed(cause);
            } else {
                call.lost(cause);
            }
            first = false;
        }
        if (closeHandler != null) {
            closeHandler.handle(cause);
        }
    }

    /** Reads nothing more until it is told to. */
    void hold(boolean held) {
        machine.hold(held, Monotonic.millis());
        if (held) {
            socket().pause();
        } else {
            socket().resume();
        }
    }

    Future<BoltResponse.Success> send(BoltCall call) {
        if (closed != null) {
            call.lost(closed);
            return call.answer();
        }
        if (call.isLate()) {
            call.failed(new CallException(Reason.UNAVAILABLE, "not sent by the deadline"));
            return call.answer();
        }
        try {
            machine.send(call.request(), Monotonic.millis());
        } catch (IllegalStateException outOfTurn) {
            call.failed(new CallException(Reason.BAD_REQUEST, outOfTurn.getMessage(), outOfTurn));
            return call.answer();
        } catch (ProtocolException cannotBeSent) {
            Reason reason =
                    cannotBeSent.kind() == ProtocolException.Kind.LIMIT ? Reason.LIMIT_EXCEEDED : Reason.BAD_REQUEST;
            call.failed(new CallException(reason, cannotBeSent.getMessage(), cannotBeSent));
            return call.answer();
        }
        follow(call.request().message());
        call.watch(this::expired);
        call.sent(spi.sent("bolt", call.request().message().name()));
        pending.add(call);
        socket().flush();
        return call.answer();
    }

    /** Whether no other query was sent behind this one. */
    boolean isLast(BoltResult result) {
        return lastRun == result;
    }

    /** Answers that come behind the deadline are nobody's, and what they belong to is stopped. */
    void expired(Deadline deadline) {
        if (closed == null && pending.stream().anyMatch(call -> call.waitsFor(deadline))) {
            CallException late = new CallException(Reason.TIMEOUT, "no answer by the deadline");
            List.copyOf(pending).forEach(call -> call.failed(late));
            reset(late);
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
            spi.answered(call.span(), null);
            call.answered(success);
        } else if (response instanceof BoltResponse.Failure failure) {
            BoltException why = new BoltException(failure);
            spi.answered(call.span(), why);
            if (machine.stateAhead() == BoltState.FAILED) {
                // Before anybody hears of it, so that what he asks next comes behind.
                mending = why;
                mend(server().version().hasAckFailure() ? new BoltRequest.AckFailure() : new BoltRequest.Reset());
            }
            call.failed(why);
            if (machine.state() == BoltState.DEFUNCT) {
                close(why);
            }
        } else {
            spi.answered(call.span(), mending);
            call.failed(mending);
        }
    }

    /** A server that does not come to itself is not there. */
    private Future<Void> mend(BoltRequest by) {
        Deadline patience = Deadline.after(Vertx.currentContext().owner(), MEND_MILLIS);
        patience.whenExpired(() -> close(new CallException(
                Reason.CONNECTION_LOST, by.message() + ": no answer (expected: within " + MEND_MILLIS + " ms)")));
        return send(new BoltCall(by, false)).<Void>mapEmpty().onComplete(answered -> patience.met());
    }

    private BoltCall first() {
        BoltCall first = pending.peek();
        if (first == null) {
            throw new IllegalStateException("an answer to nobody");
        }
        return first;
    }

    /** A server that says nothing is not there; only an answer can break the protocol. */
    private RuntimeException notReady(RuntimeException cause) {
        return cause instanceof ProtocolException late && late.isSilence()
                ? new CallException(Reason.UNAVAILABLE, target() + ": " + cause.getMessage(), cause)
                : cause;
    }

    private MachineSocket<BoltEvent> socket() {
        if (socket == null) {
            throw new IllegalStateException("not on a socket yet");
        }
        return socket;
    }
}
