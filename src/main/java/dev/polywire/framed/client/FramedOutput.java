package dev.polywire.framed.client;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedMachine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Sends on one connection: at once while the peer reads, and from a bounded queue while it does not. */
final class FramedOutput {

    /** A larger backlog is timed: a smaller one fits into the system's buffers, and shows nothing about the peer. */
    private static final int WATCHED_BYTES = 64 * 1024;

    /** The memory of a waiting message beside its frame. */
    private static final int MESSAGE_BYTES = 192;

    private static final Buffer SENT = Buffer.buffer();
    private static final Future<Void> NOTHING = Future.succeededFuture();

    private final Vertx vertx;
    private final FramedMachine machine;
    private final MachineSocket<?> socket;
    private final Spi spi;
    private final Runnable slow;
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** Of the same messages: the memory that is theirs alone. */
    private long ownBytes;

    private Future<Void> flushed = NOTHING;
    private Future<Void> written = NOTHING;
    private boolean watched;
    private long timer = -1;
    private long writes;
    private @Nullable RuntimeException down;

    /** One message, from the call until it is written. */
    private final class Message extends Call<Void> {

        /** Empty as soon as it is on its way: a request waits longer, for its reply. */
        private Buffer frame;

        private final boolean shared;
        private final @Nullable Call<?> request;

        /**
         * @param shared whether others wait for the same frame
         * @param request the call to notify when the message is sent; null: the message is the call
         */
        private Message(Buffer frame, boolean shared, @Nullable Deadline deadline, @Nullable Call<?> request) {
            super(true, deadline);
            this.frame = frame;
            this.shared = shared;
            this.request = request;
            if (request == null) {
                queued(spi, "framed");
            }
        }

        @Override
        protected String operation() {
            return "message";
        }

        private void await() {
            waiting.add(this);
            count(1);
            socket.count();
            FramedOutput.this.watch();
        }

        /** Withdraws the message; one whose writing has begun continues. */
        private void giveUp() {
            if (waiting.remove(this)) {
                count(-1);
                socket.count();
                expired("the peer " + socket.target() + " did not read");
            }
        }

        private void write() {
            count(-1);
            machine.sendFrame(frame);
            frame = SENT;
            begun(flush());
            if (request != null) {
                request.sent();
            }
        }

        private void count(int sign) {
            waitingBytes += sign * frame.length();
            ownBytes += sign * (MESSAGE_BYTES + (shared ? 0 : frame.length()));
        }

        private void begun(Future<Void> written) {
            sent();
            written.onSuccess(this::answered).onFailure(this::failed);
        }
    }

    /** @param slow runs when the peer has taken nothing for too long */
    FramedOutput(FramedMachine machine, MachineSocket<?> socket, Spi spi, Runnable slow) {
        this.vertx = Vertx.currentContext().owner();
        this.machine = machine;
        this.socket = socket;
        this.spi = spi;
        this.slow = slow;
    }

    /** Whether nothing waits, so that a message is written at once. */
    boolean isFree() {
        return down == null && waiting.isEmpty() && !socket.writeQueueFull();
    }

    /** To be called when it is free. */
    Future<Void> send(Buffer payload, @Nullable Deadline deadline) {
        try {
            machine.send(payload);
            return begun(payload, deadline);
        } catch (ProtocolException tooLong) {
            return Future.failedFuture(Call.unsendable(tooLong));
        }
    }

    /** @param shared whether the same frame is sent on other connections */
    Sending sendFrame(Buffer frame, @Nullable Deadline deadline, boolean shared) {
        if (!isFree()) {
            return waitFor(frame, shared, deadline, null);
        }
        try {
            machine.sendFrame(frame);
            return Sending.begun(begun(frame, deadline));
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(Call.unsendable(unfit)));
        }
    }

    /** As {@link #sendFrame}, for a call that also waits for a reply. */
    Sending request(Buffer frame, Call<?> request) {
        if (!isFree()) {
            return waitFor(frame, false, request.deadline(), request);
        }
        try {
            machine.sendFrame(frame);
            request.sent();
            return Sending.begun(flush());
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(Call.unsendable(unfit)));
        }
    }

    void sendNoWait(Buffer payload) {
        try {
            if (isFree()) {
                machine.send(payload);
                begun(payload, null);
            } else {
                machine.limits().check(payload);
                requireRoom(payload.length());
                new Message(FramedMachine.frame(payload), false, null, null).await();
            }
        } catch (ProtocolException tooLong) {
            throw Call.unsendable(tooLong);
        }
    }

    /** To be called when it is not free. */
    Sending waitFor(Buffer frame, @Nullable Deadline deadline) {
        return waitFor(frame, false, deadline, null);
    }

    private Sending waitFor(Buffer frame, boolean shared, @Nullable Deadline deadline, @Nullable Call<?> request) {
        try {
            machine.limits().checkFrame(frame);
            requireRoom(frame.length());
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(Call.unsendable(unfit)));
        } catch (CallException no) {
            return Sending.begun(Future.failedFuture(no));
        }
        Message message = new Message(frame, shared, deadline, request);
        message.await();
        return new Sending(message.answer(), message::giveUp);
    }

    /** Of messages that wait for their turn; not of those that the socket has. */
    long heldBytes() {
        return ownBytes;
    }

    void drained() {
        while (!waiting.isEmpty() && !socket.writeQueueFull()) {
            waiting.remove().write();
        }
    }

    /** The peer has read some bytes. */
    void taken() {
        writes++;
    }

    /** Fails all waiting messages as not sent; nothing is sent from now on. */
    void fail(RuntimeException cause) {
        down = cause;
        vertx.cancelTimer(timer);
        waitingBytes = 0;
        ownBytes = 0;
        for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
            next.lost(cause);
        }
    }

    /** Completes when all begun messages are written, when writing is impossible, or after {@code millis}. */
    Future<Void> flushed(long millis) {
        Promise<Void> over = Promise.promise();
        long patience = vertx.setTimer(millis, t -> over.tryComplete());
        flush().onComplete(written -> over.tryComplete());
        return over.future().onComplete(done -> vertx.cancelTimer(patience));
    }

    /** Most messages wait for nothing, and are a call only if an SPI watches. */
    private Future<Void> begun(Buffer bytes, @Nullable Deadline deadline) {
        Future<Void> written = flush();
        if (spi != Spi.NONE) {
            new Message(bytes, false, deadline, null).begun(written);
        }
        return written;
    }

    /** Messages written together share one future, and one translation of its failure. */
    private Future<Void> flush() {
        watch();
        Future<Void> flush = socket.flush();
        if (flush != flushed) {
            flushed = flush;
            written = flush.recover(broken -> Future.failedFuture(Call.lostOnItsWay(broken)));
        }
        return written;
    }

    private long bytes() {
        return waitingBytes + machine.outputBytes() + socket.unwrittenBytes();
    }

    private void requireRoom(int more) {
        if (down != null) {
            throw Call.neverSent(down);
        }
        long maxBytes = machine.limits().maxOutputBytes();
        if (!waiting.isEmpty() && bytes() + more > maxBytes) {
            throw new CallException(
                    Reason.OVERLOADED,
                    "bytes that wait for " + socket.target() + ": " + bytes() + " (expected: <= " + maxBytes + ")");
        }
    }

    /** One timer while there is much to write; it checks whether the peer has read anything since it was set. */
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
}
