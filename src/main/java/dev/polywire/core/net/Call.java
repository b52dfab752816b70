package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One request to a peer, from its creation to its outcome, which it has exactly once. This class defines, for all
 * protocols, what each kind of end means for a call:
 *
 * <pre>
 *                         not sent           sent, only reads    sent, changes something
 *   its deadline          UNAVAILABLE        TIMEOUT             TIMEOUT
 *   the connection broke  CONNECTION_LOST    CONNECTION_LOST     UNKNOWN_OUTCOME
 *   we closed it          SHUTTING_DOWN      CONNECTION_LOST     UNKNOWN_OUTCOME
 *   not let in            UNAUTHENTICATED    UNAUTHENTICATED     UNAUTHENTICATED     nobody has read it
 *   over a limit          LIMIT_EXCEEDED
 *   cannot be written     BAD_REQUEST
 *   answer unreadable                        the {@link ProtocolException}, both
 * </pre>
 *
 * <p>A call that is sent {@link #again} after an unknown outcome may have had its effect, whatever happens later: it succeeds,
 * or runs into its deadline in flight (TIMEOUT), or its failure is UNKNOWN_OUTCOME, with the last failure as its cause, unless that {@link #isAboutAll}.
 *
 * <p>Each protocol decides how calls wait for their answers: by id, in order, in a ring.
 *
 * @param <A> the answer
 */
public abstract class Call<A> {

    private final boolean lasting;
    private final Promise<A> answer = Promise.promise();
    private @Nullable Deadline deadline;
    private @Nullable Handler<A> late;
    private boolean sent;
    /** The first of its sendings whose effect is unknown. */
    private @Nullable CallException unknown;
    /** The last of its sendings that failed. */
    private @Nullable CallException before;

    private Spi spi = Spi.NONE;
    private @Nullable Object span;

    /**
     * @param lasting the call may have changed something when its answer is lost
     * @param deadline null: another object watches the deadline, or no caller waits for the call
     */
    protected Call(boolean lasting, @Nullable Deadline deadline) {
        this.lasting = lasting;
        this.deadline = deadline;
    }

    /** The protocol's name of the operation, one of a bounded number of values: for metrics. */
    protected abstract String operation();

    /** Fails with a {@link CallException}, with the protocol's own refusal, or with a {@link ProtocolException}. */
    public final Future<A> answer() {
        return answer.future();
    }

    /** Whether the call has its outcome. */
    public final boolean isOver() {
        return answer.future().isComplete();
    }

    /** Whether the peer may have received the call. */
    public final boolean isSent() {
        return sent;
    }

    public final @Nullable Deadline deadline() {
        return deadline;
    }

    /** Replaces the deadline. */
    public final void until(@Nullable Deadline deadline) {
        this.deadline = deadline;
    }

    /** Registers the action of a missed deadline, in place of the earlier one. */
    public final void watch(Runnable giveUp) {
        if (deadline != null) {
            deadline.whenExpired(giveUp);
        }
    }

    /** Whether the call still waits although its deadline is {@code expired}, or has passed as well. */
    public final boolean isLate(Deadline expired) {
        Deadline own = deadline;
        return own != null && !isOver() && (own == expired || own.remainingMillis() == 0);
    }

    /** Registers the handler of an answer that comes after the deadline: the answer may hold a resource to release. */
    public final void late(Handler<A> late) {
        this.late = late;
    }

    /** The call waits for its turn. */
    public final void queued(Spi spi, String protocol) {
        if (spi != Spi.NONE) {
            this.spi = spi;
            span = spi.queued(protocol, operation(), deadline == null ? null : deadline.span());
        }
    }

    /** The call is on its way: from now on its effect is unknown. */
    public final void sent() {
        if (!sent) {
            sent = true;
            spi.sent(span);
        }
    }

    /**
     * The call waits to be sent again. Should it run into its deadline then, its failure says why.
     *
     * @param lost what became of this sending: when that is unknown, it stays unknown until the call succeeds
     */
    public final void again(CallException lost) {
        sent = false;
        before = lost;
        if (unknown == null && lost.isUnknown()) {
            unknown = lost;
        }
    }

    public final void answered(A what) {
        if (over(null)) {
            answer.complete(what);
        } else if (late != null) {
            late.handle(what);
        }
    }

    /** The call succeeds without a value. */
    public final void done() {
        if (over(null)) {
            answer.complete();
        }
    }

    /** The peer, or this side, has refused the call. */
    public final void failed(Throwable cause) {
        Throwable why =
                unknown == null || cause instanceof CallException call && call.mayHaveExecuted() || isAboutAll(cause)
                        ? cause
                        : stillUnknown(unknown, cause.getMessage(), cause);
        if (over(why)) {
            answer.fail(why);
        }
    }

    /** Whether a failure says of all earlier sendings, too, that they had no effect. */
    protected boolean isAboutAll(Throwable failure) {
        return false;
    }

    /** The machine has refused the call, and nothing was sent. */
    public final void refused(RuntimeException cause) {
        failed(unsendable(cause));
    }

    /** The deadline has passed. */
    public final void expired() {
        expired("others were before it");
    }

    /** @param obstacle the reason why the call was not sent, if it was not */
    public final void expired(String obstacle) {
        if (sent) {
            String why = "no answer by the deadline";
            givenUp(new CallException(
                    Reason.TIMEOUT, before == null ? why : why + "; before, " + before.getMessage(), before));
        } else {
            String why = "not sent by the deadline: " + obstacle;
            givenUp(unknown == null ? new CallException(Reason.UNAVAILABLE, why) : stillUnknown(unknown, why, unknown));
        }
    }

    /** A part of the call has failed: because its deadline has passed, or for another reason. */
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

    private static CallException stillUnknown(CallException unknown, @Nullable String then, Throwable cause) {
        return new CallException(Reason.UNKNOWN_OUTCOME, unknown.getMessage() + "; then " + then, cause);
    }

    /** Notifies the {@link Spi} before the caller, who may complete the request in response. @return false: it was over */
    private boolean over(@Nullable Throwable failure) {
        if (isOver()) {
            return false;
        }
        spi.answered(span, failure);
        return true;
    }

    /** The connection of the call has ended. */
    public final void lost(RuntimeException cause) {
        failed(sent && !StandingRefusal.isRefusal(cause) ? inFlight(cause) : neverSent(cause));
    }

    /** What it means for the call that its connection ended with {@code cause} while it was in flight. */
    protected final CallException inFlight(RuntimeException cause) {
        return new CallException(lasting ? Reason.UNKNOWN_OUTCOME : Reason.CONNECTION_LOST, cause.getMessage(), cause);
    }

    /** The same for all calls that were sent: a protocol violation arrived in place of the answer to the oldest. */
    public static void lost(Iterable<? extends Call<?>> oldestFirst, RuntimeException cause) {
        boolean blamed = isViolation(cause);
        for (Call<?> call : oldestFirst) {
            if (blamed) {
                call.failed(cause);
                blamed = false;
            } else {
                call.lost(cause);
            }
        }
    }

    /** Whether the peer has broken the protocol, and not only been silent or cut off: a call is then to blame. */
    public static boolean isViolation(RuntimeException cause) {
        return cause instanceof ProtocolException violation && !violation.isSilence() && !violation.isTruncation();
    }

    /** The deadline had passed before the call was made. */
    public static CallException tooLate() {
        return new CallException(Reason.UNAVAILABLE, "not sent by the deadline");
    }

    /** The failure of bytes that were handed to a socket that broke, and that the peer does not answer. */
    public static CallException lostOnItsWay(Throwable broken) {
        return new CallException(Reason.UNKNOWN_OUTCOME, "lost while it was written: " + broken.getMessage(), broken);
    }

    /** The failure of a call that was not sent because {@code cause} has ended the connection. */
    public static CallException neverSent(RuntimeException cause) {
        return cause instanceof CallException ours
                        && (ours.reason() == Reason.SHUTTING_DOWN || StandingRefusal.isRefusal(ours))
                ? ours
                : new CallException(Reason.CONNECTION_LOST, "not sent: " + cause.getMessage(), cause);
    }

    /** The failure of a call that the machine did not accept. */
    public static CallException unsendable(RuntimeException refused) {
        boolean limit = refused instanceof ProtocolException over && over.kind() == ProtocolException.Kind.LIMIT;
        return new CallException(limit ? Reason.LIMIT_EXCEEDED : Reason.BAD_REQUEST, refused.getMessage(), refused);
    }
}
