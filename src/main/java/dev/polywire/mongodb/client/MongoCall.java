package dev.polywire.mongodb.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.CommandKind;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** One command on its way: waiting for its turn, or sent and waiting for its answer. */
public final class MongoCall {

    private final Buffer command;
    private final boolean reads;
    private final Deadline deadline;
    private final @Nullable Handler<Buffer> late;
    private final Promise<Buffer> answer = Promise.promise();
    private boolean sent;
    private @Nullable Object span;

    /**
     * @param command a whole, checked document: name first, {@code $db} in it
     * @param reads it changes nothing, so a lost answer is a lost connection and no unknown outcome
     */
    public MongoCall(Buffer command, boolean reads, Deadline deadline) {
        this(command, reads, deadline, null);
    }

    private MongoCall(Buffer command, boolean reads, Deadline deadline, @Nullable Handler<Buffer> late) {
        this.command = command;
        this.reads = reads;
        this.deadline = deadline;
        this.late = late;
    }

    /** A call that reads when its command does. */
    public MongoCall(Buffer command, Deadline deadline) {
        this(command, CommandKind.reads(command), deadline);
    }

    /**
     * The body of the reply, checked; {@code ok: 0} is an answer too. Fails with UNAVAILABLE, CONNECTION_LOST,
     * UNKNOWN_OUTCOME, TIMEOUT, SHUTTING_DOWN, LIMIT_EXCEEDED, or with a protocol violation.
     */
    public Future<Buffer> answer() {
        return answer.future();
    }

    /** The same call, not sent yet, whose answer is handed to {@code late} when it comes behind the deadline. */
    public MongoCall orLate(Handler<Buffer> late) {
        return new MongoCall(command, reads, deadline, late);
    }

    /** Its name, for logs and metrics. */
    String name() {
        return BsonFields.firstName(command);
    }

    Buffer command() {
        return command;
    }

    Deadline deadline() {
        return deadline;
    }

    @Nullable
    Handler<Buffer> late() {
        return late;
    }

    @Nullable
    Object span() {
        return span;
    }

    void sent(@Nullable Object span) {
        this.sent = true;
        this.span = span;
    }

    boolean over() {
        return answer.future().isComplete();
    }

    void answered(Buffer body) {
        answer.tryComplete(body);
    }

    void failed(Throwable cause) {
        answer.tryFail(cause);
    }

    /** Its deadline has passed. @return what that means for it */
    CallException expired() {
        CallException why = sent
                ? new CallException(Reason.TIMEOUT, "no answer by the deadline")
                : new CallException(Reason.UNAVAILABLE, "not sent by the deadline: others were before it");
        failed(why);
        return why;
    }

    /** Its connection is down: what that means for this call. */
    void lost(RuntimeException cause) {
        boolean leaving = cause instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN;
        if (!sent && leaving) {
            failed(cause);
        } else {
            Reason reason = sent && !reads ? Reason.UNKNOWN_OUTCOME : Reason.CONNECTION_LOST;
            failed(new CallException(reason, cause.getMessage(), cause));
        }
    }
}
