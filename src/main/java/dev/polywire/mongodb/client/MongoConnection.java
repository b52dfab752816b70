package dev.polywire.mongodb.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.PendingCalls;
import dev.polywire.core.net.StandingRefusal;
import dev.polywire.core.net.WaitingCalls;
import dev.polywire.core.wire.Printable;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.HelloReply;
import dev.polywire.mongodb.wire.MongoClientMachine;
import dev.polywire.mongodb.wire.MongoClientOptions;
import dev.polywire.mongodb.wire.MongoEvent;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.ScramDerivation;
import dev.polywire.mongodb.wire.ScramKeyCache;
import dev.polywire.mongodb.wire.ScramKeys;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One connection: commands go out in order, up to {@code maxInFlight} without waiting for answers, and each answer goes
 * to the command it names. It belongs to the context of its socket.
 */
public final class MongoConnection extends Connection<MongoEvent> {

    private final MongoClientMachine machine;
    private final int maxInFlight;
    private final ScramKeyCache keys;
    private final Context context = Vertx.currentContext();
    private final PendingCalls<Integer, MongoCall> pending = new PendingCalls<>();
    private final WaitingCalls<MongoCall> waiting;
    private final LegacyOperation legacy = new LegacyOperation();
    private @Nullable HelloReply hello;
    private @Nullable Handler<OpMsg> exhausting;
    private Keeper keeper = NOBODY;
    private long heardMillis = Monotonic.millis();
    private final long openedMicros = Monotonic.micros();
    private long helloMicros;

    /** Commands without an answer that are not yet handed to the system; and those that never were, when the connection broke. */
    private final ArrayDeque<MongoCall> unwritten = new ArrayDeque<>();

    /** Whether somebody would send more, were all written that is in flight. */
    private boolean wanted;

    /** Whoever keeps a connection and gives it to others. */
    public interface Keeper {

        /** After each answer, after each caller that gives up, and when more can be written. */
        void progress();

        /**
         * Nothing can be sent any more. Told before the calls in flight fail, since whoever has made one may send it again at once.
         *
         * @param brokenInUse whether the peer or the network has ended it while something was in flight
         */
        void ended(RuntimeException cause, boolean brokenInUse);
    }

    private static final Keeper NOBODY = new Keeper() {
        @Override
        public void progress() {}

        @Override
        public void ended(RuntimeException cause, boolean brokenInUse) {}
    };

    private MongoConnection(
            OpenSocket<MongoEvent> socket, MongoClientMachine machine, int maxInFlight, ScramKeyCache keys) {
        super(socket);
        this.machine = machine;
        this.keys = keys;
        this.maxInFlight = maxInFlight;
        this.waiting = new WaitingCalls<>(socket(), "mongodb commands that wait for their turn", new Commands());
    }

    /**
     * Dials and completes the handshake.
     *
     * @param maxInFlight how many commands may be sent and unanswered
     * @param keys of logins that have succeeded, of this context
     * @return fails as {@link Dialer#connect}; with UNAVAILABLE when the server refuses, or cannot log in anybody now, with
     *     UNAUTHENTICATED when it or we refuse the login
     */
    public static Future<MongoConnection> connect(
            Dialer dialer, MongoClientOptions options, int maxInFlight, ScramKeyCache keys) {
        MongoClientMachine machine = new MongoClientMachine(options, dialer.tap());
        return dialer.connect(machine, socket -> new MongoConnection(socket, machine, maxInFlight, keys))
                .recover(cause -> Future.failedFuture(machine.isUnanswered() ? explained(cause) : cause));
    }

    /** A server that does not know OP_MSG closes; {@link Dialer} tells what else may be the reason. */
    private static Throwable explained(Throwable cause) {
        return cause instanceof CallException end && end.hadNoEffect()
                ? new CallException(
                        end.reason(),
                        end.getMessage() + "; it was greeted by OP_MSG, which servers before MongoDB 3.6 do not know",
                        end.getCause())
                : cause;
    }

    /** The server's answer to the hello. */
    public HelloReply hello() {
        if (hello == null) {
            throw new IllegalStateException("before the handshake");
        }
        return hello;
    }

    /** How long the handshake took, microseconds: one round trip, where nobody logs in. */
    public long helloMicros() {
        return helloMicros;
    }

    /** Sends a call, or queues it until its turn. */
    public void send(MongoCall call) {
        RuntimeException closed = whyUnusable();
        if (closed != null) {
            call.lost(closed);
        } else {
            call.queued(spi(), "mongodb");
            waiting.send(call, call.requestBytes());
        }
    }

    /**
     * Sends a command that the server may answer again and again: a {@code getMore}, or an awaitable {@code hello}. Nothing was
     * sent before that has no answer, and nothing may be sent until the call is over. At its deadline the connection is given up.
     *
     * @param call the last answer is its own
     * @param each receives those before, which have moreToCome; {@link #hold} stops them
     */
    public void exhaust(MongoCall call, Handler<OpMsg> each) {
        RuntimeException closed = whyUnusable();
        if (closed != null) {
            call.lost(closed);
            return;
        }
        call.queued(spi(), "mongodb");
        try {
            pending.put(machine.sendExhaust(((OpMsg) call.takeRequest()).body()), call);
        } catch (ProtocolException unsendable) {
            call.refused(unsendable);
            return;
        }
        exhausting = each;
        call.sentAt(Monotonic.millis());
        call.sent();
        call.watch(() -> {
            call.expired();
            drop(CallException.lost("closed by us: the answers were too late"));
        });
        socket().flush();
    }

    /** Answers that are due, those to callers that have given up too; and commands without one that are not written. */
    public int inFlight() {
        return pending.size() + unwritten.size();
    }

    /** Whether the caller of something that is in flight still waits. */
    public boolean isWaitedFor() {
        return pending.waiting() > 0 || unwritten.stream().anyMatch(call -> !call.isOver());
    }

    /**
     * Whether another command is written at once, since those in flight are, and none of these may wait at the server. If something
     * is not written yet, the keeper is told of progress when it is.
     */
    public boolean takesMore() {
        MongoCall oldest = pending.oldest();
        wanted |= socket().unwrittenBytes() > 0;
        return whyUnusable() == null && (oldest == null || !oldest.mayWait()) && socket().unwrittenBytes() == 0;
    }

    /** When the oldest in flight was sent, or was to be, on {@link Monotonic}'s clock; {@link Long#MAX_VALUE}: there is none. */
    public long oldestSentMillis() {
        return Math.min(sentMillis(pending.oldest()), sentMillis(unwritten.peek()));
    }

    private static long sentMillis(@Nullable MongoCall call) {
        return call == null ? Long.MAX_VALUE : call.sentMillis();
    }

    /** From now on this one is told, or at once that it has ended. */
    public void keptBy(Keeper keeper) {
        endIfDown();
        this.keeper = keeper;
        RuntimeException closed = whyClosed();
        if (closed != null) {
            keeper.ended(closed, false);
        }
    }

    /** Answers that arrived after their callers had given up. */
    public long lateAnswers() {
        return pending.lateAnswers();
    }

    @Override
    protected boolean hasHandshake() {
        return true;
    }

    @Override
    protected void received() {
        heardMillis = Monotonic.millis();
    }

    /** When the server last sent something, on {@link Monotonic}'s clock. */
    public long heardMillis() {
        return heardMillis;
    }

    @Override
    protected void event(MongoEvent event) {
        if (event instanceof MongoEvent.Reply reply) {
            replied(reply);
        } else if (event instanceof MongoEvent.Undecodable bad) {
            MongoCall call = pending.answered(bad.responseTo());
            legacy.answered(bad.responseTo());
            advance();
            call.failed(bad.cause());
        } else if (event instanceof MongoEvent.Ready up) {
            hello = up.hello();
            helloMicros = Monotonic.micros() - openedMicros;
            ready();
        } else if (event instanceof MongoEvent.DeriveKeys login) {
            derive(login.derivation());
        } else if (event instanceof MongoEvent.LoginRefused refused) {
            close(new CallException(
                    refused.why().isStanding() ? Reason.UNAUTHENTICATED : Reason.UNAVAILABLE,
                    target() + ": " + refused.why().reason()));
        } else if (event instanceof MongoEvent.HandshakeRefused refused) {
            close(new CallException(
                    Reason.UNAVAILABLE, target() + " refused the handshake: " + Printable.line(refused.why())));
        }
    }

    private void replied(MongoEvent.Reply reply) {
        Handler<OpMsg> each = exhausting;
        if (each != null && reply.message() instanceof OpMsg more && more.moreToCome()) {
            each.handle(more);
        } else {
            exhausting = null;
            MongoCall call = pending.answered(reply.responseTo());
            legacy.answered(reply.responseTo());
            advance();
            call.replied(reply.message(), reply.compressor());
        }
    }

    /** Hashing takes up to some 100 ms, so it is done elsewhere, once for each password, salt and number of iterations. */
    private void derive(ScramDerivation derivation) {
        ScramKeys known = keys.get(derivation);
        if (known != null) {
            computed(known);
            return;
        }
        context.executeBlocking(derivation::keys, false).onComplete(derived -> {
            if (derived.succeeded()) {
                keys.put(derivation, derived.result());
            }
            if (!isClosed()) {
                later(derived);
            }
        });
    }

    /** Outside of the events of the machine, whose failures end the connection by themselves. */
    private void later(AsyncResult<ScramKeys> derived) {
        if (derived.failed()) {
            close(new CallException(Reason.UNAVAILABLE, target() + ": no keys", derived.cause()));
            return;
        }
        try {
            computed(derived.result());
        } catch (ProtocolException unsendable) {
            // A server may announce that it takes no message as long as the next one of the login.
            close(unsendable);
        }
    }

    private void computed(ScramKeys made) {
        MongoEvent event = machine.computed(made);
        if (event != null) {
            event(event);
        }
        socket().flush();
    }

    @Override
    protected void drained() {
        advance();
    }

    /** Not at once: more may be on its way to the socket in the same turn. */
    @Override
    protected void written() {
        if (wanted && socket().unwrittenBytes() == 0) {
            wanted = false;
            context.runOnContext(v -> advance());
        }
    }

    /** One that waits here goes first. */
    private void advance() {
        endIfDown();
        if (isClosed()) {
            return;
        }
        if (!socket().isEndedByPeer()) {
            waiting.advance();
        }
        keeper.progress();
    }

    /** Once the peer is gone, only answers from before may follow: without one that is due this is the end. */
    private void endIfDown() {
        if (socket().isEndedByPeer() && hello != null && pending.size() == 0) {
            end(socket().lost());
        }
    }

    /** Why nothing is sent any more, though answers may follow; null: sending is possible. */
    private @Nullable RuntimeException whyUnusable() {
        RuntimeException closed = whyClosed();
        return closed == null && socket().isEndedByPeer() ? socket().lost() : closed;
    }

    /** A broken answer belonged to the oldest command: a server processes commands in order. */
    @Override
    protected void ended(RuntimeException cause) {
        boolean byPeer = socket().isEndedByPeer();
        keeper.ended(cause, byPeer && inFlight() > 0 && !Call.isViolation(cause) && !StandingRefusal.isRefusal(cause));
        RuntimeException why = byPeer ? legacy.explained(cause) : cause;
        Call.lost(pending.drain(), why);
        waiting.lost(why);
    }

    /** Its answer may still come; another call gets its place in flight. */
    private void givenUp(MongoCall call) {
        if (pending.expired(call)) {
            advance();
        } else {
            drop(CallException.lost("closed by us: " + PendingCalls.MAX_GIVEN_UP + " answers are missing"));
        }
    }

    private final class Commands implements WaitingCalls.Writer<MongoCall> {

        @Override
        public boolean hasRoom() {
            return pending.waiting() + unwritten.size() < maxInFlight;
        }

        @Override
        public void write(MongoCall call) {
            MongoMessage request = call.takeRequest(hello());
            int requestId = machine.send(request, call.compressor());
            legacy.sent(requestId, request);
            call.sentAt(Monotonic.millis());
            if (call.hasReply()) {
                pending.put(requestId, call);
                call.watch(() -> givenUp(call));
            } else {
                call.sent();
                call.watch(() -> {
                    call.expired();
                    advance();
                });
                unwritten.add(call);
                socket().flush().onComplete(over -> {
                    if (over.succeeded()) {
                        unwritten.remove(call);
                        advance();
                        call.written();
                    } else {
                        // The connection has broken, with this one in flight: whoever keeps it is told so at its end.
                        call.failed(Call.lostOnItsWay(over.cause()));
                    }
                });
            }
        }
    }
}
