package dev.polywire.framed.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests of one connection that wait for their replies. Ids count up and none is used again, so a reply to an id that
 * was given out and is not here is late, or the second: nothing need be kept to know that.
 */
final class FramedCalls {

    private final int maxOutstanding;
    private final FramedOutput output;
    private final Runnable changed;
    private final Runnable late;
    private final Map<Long, Promise<Buffer>> outstanding = new LinkedHashMap<>();
    private long lastId;

    /**
     * @param changed runs when the first request waits, and when none does any more
     * @param late runs when a reply came after its caller had given up, or twice
     */
    FramedCalls(int maxOutstanding, FramedOutput output, Runnable changed, Runnable late) {
        this.maxOutstanding = maxOutstanding;
        this.output = output;
        this.changed = changed;
        this.late = late;
    }

    boolean isWaiting() {
        return !outstanding.isEmpty();
    }

    Future<Buffer> request(Buffer content, Deadline deadline) {
        if (outstanding.size() >= maxOutstanding) {
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED,
                    "requests without a reply: " + outstanding.size() + " (expected: < " + maxOutstanding + ")"));
        }
        long id = ++lastId;
        Promise<Buffer> reply = Promise.promise();
        outstanding.put(id, reply);
        Sending sending = output.sendFrame(FramedMachine.frame(new FramedEnvelope(Kind.REQUEST, id, content).write()));
        sending.written().onFailure(notSent -> fail(id, notSent));
        deadline.whenExpired(() -> {
            sending.giveUp().run();
            fail(id, new CallException(Reason.TIMEOUT, "sent, and no reply by the deadline"));
        });
        if (outstanding.size() == 1) {
            changed.run();
        }
        return reply.future();
    }

    /**
     * A reply, or a failure in place of one.
     *
     * @throws ProtocolException DECODE when nobody ever asked
     */
    void answered(FramedEnvelope answer) {
        long id = answer.id();
        if (id < 1 || id > lastId) {
            throw ProtocolException.decode(
                    "envelope: a reply to " + Long.toUnsignedString(id) + " (expected: the id of a request)");
        }
        Promise<Buffer> reply = outstanding.remove(id);
        if (reply == null) {
            late.run();
        } else if (answer.kind() == Kind.REPLY) {
            reply.complete(answer.content());
        } else {
            reply.fail(new RefusedByPeerException(answer.content()));
        }
        idle();
    }

    /** None of those that were sent is answered any more. */
    void fail(RuntimeException cause) {
        List<Promise<Buffer>> lost = List.copyOf(outstanding.values());
        outstanding.clear();
        lost.forEach(each ->
                each.tryFail(new CallException(Reason.UNKNOWN_OUTCOME, "no reply: " + cause.getMessage(), cause)));
    }

    private void fail(long id, Throwable cause) {
        Promise<Buffer> reply = outstanding.remove(id);
        if (reply != null) {
            reply.fail(cause);
            idle();
        }
    }

    private void idle() {
        if (outstanding.isEmpty()) {
            changed.run();
        }
    }
}
