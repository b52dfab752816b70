package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One request to a peer, from when it was asked for until its outcome, which it has once. What an end means for a call is
 * said here, for all protocols:
 *
 * <pre>
 *                         not sent           sent, only reads    sent, changes something
 *   its deadline          UNAVAILABLE        TIMEOUT             TIMEOUT
 *   the connection broke  CONNECTION_LOST    CONNECTION_LOST     UNKNOWN_OUTCOME
 *   we closed it          SHUTTING_DOWN      CONNECTION_LOST     UNKNOWN_OUTCOME
 *   over a limit          LIMIT_EXCEEDED
 *   cannot be written     BAD_REQUEST
 *   answer unreadable                        the {@link ProtocolException}, both
 * </pre>
 *
 * <p>Where calls wait for their answers is the protocol's matter: by id, in order, in a ring.
 *
 * @param <A> the answer
 */
public abstract class Call<A> {

    private final boolean lasting;
    private final Promise<A> answer = Promise.promise();
    private @Nullable Deadline deadline;
    private @Nullable Handler<A> late;
    private boolean sent;
    private Spi spi = Spi.NONE;
    private @Nullable Object span;

    /**
     * @param lasting it may have changed something when its answer is lost
     * @param deadline null: somebody else watches over it, or nobody waits for it
     */
    protected Call(boolean lasting, @Nullable Deadline deadline) {
        this.lasting = lasting;
        this.deadline = deadline;
    }

    /** The protocol's word for it, of a bounded number of values: for metrics. */
    protected abstract String operation();

    /** Fails with a {@link CallException}, with the protocol's own refusal, or with a {@link ProtocolException}. */
    public final Future<A> answer() {
        return answer.future();
    }

    /** Whether it has its outcome. */
    public final boolean isOver() {
        return answer.future().isComplete();
    }

    /** Whether the peer may know of it. */
    public final boolean isSent() {
        return sent;
    }

    public final @Nullable Deadline deadline() {
        return deadline;
    }

    /** Another deadline from now on. */
    public final void until(@Nullable Deadline deadline) {
        this.deadline = deadline;
    }

    /** Says what giving up means now, in place of what it meant before. */
    public final void watch(Runnable giveUp) {
        if (deadline != null) {
            deadline.whenExpired(giveUp);
        }
    }

    /** Whether it waits though its deadline is this one, or has passed, too. */
    public final boolean isLate(Deadline expired) {
        Deadline own = deadline;
        return own != null && !isOver() && (own == expired || own.remainingMillis() == 0);
    }

    /** Who gets an answer that comes after its caller has given up: it may hold something that must be given back. */
    public final void late(Handler<A> late) {
        this.late = late;
    }

    /** It waits for its turn. */
    public final void queued(Spi spi, String protocol) {
        queued(spi, protocol, deadline);
    }

    /** @param request the deadline of what it is made for, if another watches over that; null: a matter of ours */
    public final void queued(Spi spi, String protocol, @Nullable Deadline request) {
        if (spi != Spi.NONE) {
            this.spi = spi;
            span = spi.queued(protocol, operation(), request == null ? null : request.span());
        }
    }

    /** It is on its way: from now on nobody knows whether it was done. One that is sent again was sent before. */
    public final void sent() {
        if (!sent) {
            sent = true;
            spi.sent(span);
        }
    }

    public final void answered(A what) {
        if (over(null)) {
            answer.complete(what);
        } else if (late != null) {
            late.handle(what);
        }
    }

    /** It is answered, and there is nothing to say. */
    public final void done() {
        if (over(null)) {
            answer.complete();
        }
    }

    /** The peer has refused it, or we. */
    public final void failed(Throwable cause) {
        if (over(cause)) {
            answer.fail(cause);
        }
    }

    /** The machine did not take it, and nothing was sent. */
    public final void refused(RuntimeException cause) {
        failed(unsendable(cause));
    }

    /** Its deadline has passed. */
    public final void expired() {
        expired("others were before it");
    }

    /** @param obstacle why it was not sent, if it was not */
    public final void expired(String obstacle) {
        givenUp(
                sent
                        ? new CallException(Reason.TIMEOUT, "no answer by the deadline")
                        : new CallException(Reason.UNAVAILABLE, "not sent by the deadline: " + obstacle));
    }

    /** A part of it has failed: because its deadline has passed, or by itself. */
    public final void partFailed(Throwable cause) {
        if (deadline != null && deadline.expired()) {
            givenUp(cause);
        } else {
            failed(cause);
        }
    }

    private void givenUp(Throwable why) {
        if (!isOver()) {
            spi.givenUp(span, why);
            answer.fail(why);
        }
    }

    /** Who watches hears of it before its caller, who may answer by it what it was made for. @return false: it was over */
    private boolean over(@Nullable Throwable failure) {
        if (isOver()) {
            return false;
        }
        spi.answered(span, failure);
        return true;
    }

    /** Its connection has ended. */
    public final void lost(RuntimeException cause) {
        failed(
                sent
                        ? new CallException(
                                lasting ? Reason.UNKNOWN_OUTCOME : Reason.CONNECTION_LOST, cause.getMessage(), cause)
                        : neverSent(cause));
    }

    /** The same of all that were sent: what breaks the protocol came in place of the answer to the oldest. */
    public static void lost(Iterable<? extends Call<?>> oldestFirst, RuntimeException cause) {
        boolean blamed = cause instanceof ProtocolException violation && !violation.isSilence();
        for (Call<?> call : oldestFirst) {
            if (blamed) {
                call.failed(cause);
                blamed = false;
            } else {
                call.lost(cause);
            }
        }
    }

    /** Its deadline had passed before it was asked for. */
    public static CallException tooLate() {
        return new CallException(Reason.UNAVAILABLE, "not sent by the deadline");
    }

    /** What was handed to a socket that broke, and that the peer does not answer. */
    public static CallException lostOnItsWay(Throwable broken) {
        return new CallException(Reason.UNKNOWN_OUTCOME, "lost while it was written: " + broken.getMessage(), broken);
    }

    /** Why something was not sent on a connection that {@code cause} has ended. */
    public static CallException neverSent(RuntimeException cause) {
        return cause instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN
                ? ours
                : new CallException(Reason.CONNECTION_LOST, "not sent: " + cause.getMessage(), cause);
    }

    /** What a machine did not take. */
    public static CallException unsendable(RuntimeException refused) {
        boolean limit = refused instanceof ProtocolException over && over.kind() == ProtocolException.Kind.LIMIT;
        return new CallException(limit ? Reason.LIMIT_EXCEEDED : Reason.BAD_REQUEST, refused.getMessage(), refused);
    }
}
