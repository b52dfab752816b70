package dev.polywire.framed.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What goes out on one connection: at once while its peer reads, and from a bounded queue while it does not. */
final class FramedOutput {

    /** From here on a peer is watched: less fits into a system's buffers, and says nothing about it. */
    private static final int WATCHED_BYTES = 64 * 1024;

    private static final Future<Void> NOTHING = Future.succeededFuture();

    private final Vertx vertx;
    private final FramedMachine machine;
    private final MachineSocket<?> socket;
    private final Runnable slow;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private Future<Void> flushed = NOTHING;
    private Future<Void> written = NOTHING;
    private boolean watched;
    private long timer = -1;
    private long writes;
    private @Nullable RuntimeException down;

    /** One frame that waits until its peer has read. */
    private final class Waiting {

        private final Buffer frame;
        private final Promise<Void> written = Promise.promise();

        private Waiting(Buffer frame) {
            this.frame = frame;
            waiting.add(this);
            waitingBytes += frame.length();
        }

        /** Takes it back; what was begun goes on. */
        private void giveUp() {
            if (waiting.remove(this)) {
                waitingBytes -= frame.length();
                written.fail(new CallException(
                        Reason.UNAVAILABLE, "the peer " + socket.target() + " did not read by the deadline"));
            }
        }

        private void write() {
            waitingBytes -= frame.length();
            machine.sendFrame(frame);
            flush().onComplete(written);
        }
    }

    /** @param slow runs when the peer has taken nothing for too long */
    FramedOutput(FramedMachine machine, MachineSocket<?> socket, Runnable slow) {
        this.vertx = Vertx.currentContext().owner();
        this.machine = machine;
        this.socket = socket;
        this.slow = slow;
    }

    /** Whether nothing waits, and what is sent now is written now. */
    boolean isFree() {
        return down == null && waiting.isEmpty() && !socket.writeQueueFull();
    }

    /** Why it is down, or null. */
    @Nullable
    RuntimeException down() {
        return down;
    }

    /** When it is free. */
    Future<Void> send(Buffer payload) {
        try {
            machine.send(payload);
            return flush();
        } catch (ProtocolException tooLong) {
            return Future.failedFuture(refusal(tooLong));
        }
    }

    Sending sendFrame(Buffer frame) {
        if (!isFree()) {
            return waitFor(frame);
        }
        try {
            machine.sendFrame(frame);
            return Sending.begun(flush());
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(refusal(unfit)));
        }
    }

    void sendNoWait(Buffer payload) {
        try {
            if (isFree()) {
                machine.send(payload);
                watch();
                socket.flush();
            } else {
                machine.limits().check(payload);
                requireRoom(payload.length());
                new Waiting(FramedMachine.frame(payload));
                watch();
            }
        } catch (ProtocolException tooLong) {
            throw refusal(tooLong);
        }
    }

    /** When it is not free. */
    Sending waitFor(Buffer frame) {
        try {
            machine.limits().checkFrame(frame);
            requireRoom(frame.length());
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(refusal(unfit)));
        } catch (CallException no) {
            return Sending.begun(Future.failedFuture(no));
        }
        Waiting message = new Waiting(frame);
        watch();
        return new Sending(message.written.future(), message::giveUp);
    }

    void drained() {
        while (!waiting.isEmpty() && !socket.writeQueueFull()) {
            waiting.remove().write();
        }
    }

    /** The peer has taken something. */
    void taken() {
        writes++;
    }

    /** What waits was not sent, and nothing will be. */
    void fail(RuntimeException cause) {
        down = cause;
        vertx.cancelTimer(timer);
        waitingBytes = 0;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            next.written.fail(notSent(cause));
        }
    }

    /** Completes when all that was begun is written, or nothing can be any more, or after {@code millis}. */
    Future<Void> flushed(long millis) {
        Promise<Void> over = Promise.promise();
        long patience = vertx.setTimer(millis, t -> over.tryComplete());
        flush().onComplete(written -> over.tryComplete());
        return over.future().onComplete(done -> vertx.cancelTimer(patience));
    }

    static CallException notSent(RuntimeException cause) {
        return cause instanceof CallException ours && ours.reason() == Reason.SHUTTING_DOWN
                ? ours
                : new CallException(Reason.CONNECTION_LOST, cause.getMessage(), cause);
    }

    /** What is written together has one future, and one translation of its failure. */
    private Future<Void> flush() {
        watch();
        Future<Void> flush = socket.flush();
        if (flush != flushed) {
            flushed = flush;
            written = flush.recover(broken -> Future.failedFuture(new CallException(
                    Reason.UNKNOWN_OUTCOME, "connection lost while writing to " + socket.target(), broken)));
        }
        return written;
    }

    private long bytes() {
        return waitingBytes + machine.outputBytes() + socket.unwrittenBytes();
    }

    private void requireRoom(int more) {
        if (down != null) {
            throw notSent(down);
        }
        long maxBytes = machine.limits().maxOutputBytes();
        if (!waiting.isEmpty() && bytes() + more > maxBytes) {
            throw new CallException(
                    Reason.OVERLOADED,
                    "bytes that wait for " + socket.target() + ": " + bytes() + " (expected: <= " + maxBytes + ")");
        }
    }

    /** One timer as long as there is much to write; it looks whether anything was taken since it was set. */
    private void watch() {
        if (!watched && bytes() >= WATCHED_BYTES) {
            watched = true;
            long before = writes;
            timer = vertx.setTimer(machine.limits().slowPeerMillis(), t -> {
                watched = false;
                if (down == null && writes == before && bytes() > 0) {
                    slow.run();
                } else if (down == null) {
                    watch();
                }
            });
        }
    }

    private static CallException refusal(ProtocolException unfit) {
        return new CallException(
                unfit.kind() == ProtocolException.Kind.LIMIT ? Reason.LIMIT_EXCEEDED : Reason.BAD_REQUEST,
                unfit.getMessage(),
                unfit);
    }
}
