package dev.polywire.framed.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The requests of one connection that wait for their replies. Ids count up and are never reused, so a reply to an earlier
 * id that does not wait is late or a duplicate: no old id need be kept.
 */
final class FramedCalls {

    private final int maxOutstanding;
    private final FramedOutput output;
    private final Runnable changed;
    private final Runnable late;
    private final Map<Long, FramedCall> outstanding = new LinkedHashMap<>();
    private final Spi spi;
    private long lastId;

    private static final class FramedCall extends Call<Buffer> {

        private FramedCall(Deadline deadline) {
            super(true, deadline);
        }

        @Override
        protected String operation() {
            return "request";
        }
    }

    /**
     * @param spi watches over the requests
     * @param changed runs when the first request waits, and when none does any more
     * @param late runs when a reply arrives after its caller has given up, or a second time
     */
    FramedCalls(int maxOutstanding, FramedOutput output, Spi spi, Runnable changed, Runnable late) {
        this.maxOutstanding = maxOutstanding;
        this.output = output;
        this.spi = spi;
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
        FramedCall call = new FramedCall(deadline);
        call.queued(spi, "framed");
        outstanding.put(id, call);
        Sending sending =
                output.request(FramedMachine.frame(new FramedEnvelope(Kind.REQUEST, id, content).write()), call);
        sending.written().onFailure(notSent -> over(id, unsent -> unsent.partFailed(notSent)));
        call.watch(() -> {
            sending.giveUp().run();
            over(id, FramedCall::expired);
        });
        if (outstanding.size() == 1) {
            changed.run();
        }
        return call.answer();
    }

    /**
     * A reply, or a failure in place of one.
     *
     * @throws ProtocolException DECODE when no request had this id
     */
    void answered(FramedEnvelope answer) {
        long id = answer.id();
        if (id < 1 || id > lastId) {
            throw ProtocolException.decode(
                    "envelope: a reply to " + Long.toUnsignedString(id) + " (expected: the id of a request)");
        }
        FramedCall call = outstanding.remove(id);
        if (call == null) {
            late.run();
        } else if (answer.kind() == Kind.REPLY) {
            call.answered(answer.content());
        } else {
            call.failed(new RefusedByPeerException(answer.content()));
        }
        idle();
    }

    /** No answers follow. Replies come in any order, so a violation is blamed on a call only if it is the only one. */
    void ended(RuntimeException cause) {
        List<FramedCall> last = List.copyOf(outstanding.values());
        outstanding.clear();
        if (last.size() == 1) {
            Call.lost(last, cause);
        } else {
            last.forEach(call -> call.lost(cause));
        }
    }

    private void over(long id, Consumer<FramedCall> how) {
        FramedCall call = outstanding.remove(id);
        if (call != null) {
            how.accept(call);
            idle();
        }
    }

    private void idle() {
        if (outstanding.isEmpty()) {
            changed.run();
        }
    }
}
