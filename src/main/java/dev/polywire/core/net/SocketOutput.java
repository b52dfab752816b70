package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A machine's output on its way into the socket. All output of one turn of the event loop is written at its end, because a
 * write is a system call: a thousand small messages of one turn cost about as much as one.
 */
final class SocketOutput {

    /** A turn with more output writes at once: joining more saves nothing, and uses memory. */
    static final long TURN_BYTES = 64 * 1024;

    /** A larger piece fills most of what it was joined in. */
    private static final long COPIED_BYTES = TURN_BYTES * 3 / 4;

    private static final Logger LOG = System.getLogger(SocketOutput.class.getName());
    /** What Vert.x keeps for each write that waits, beside its bytes. */
    private static final int WRITE_BYTES = 256;

    private static final Future<Void> NOTHING_WRITTEN = Future.succeededFuture();
    private static final Buffer NOTHING = Buffer.buffer();

    private final NetSocket socket;
    private final Machine<?> machine;
    private final Runnable turnEnd;
    private final Runnable left;
    private final Runnable broken;
    private final String protocol;
    private final Spi spi;
    private final Context context = Vertx.currentContext();
    private Future<Void> lastWrite = NOTHING_WRITTEN;
    private @Nullable Promise<Void> held;
    private boolean scheduled;
    private boolean failed;
    private long unwrittenBytes;
    private int unwritten;

    /**
     * @param turnEnd writes, with failures handled
     * @param left called when some output has been written, or could not be
     * @param broken called when some could not be written: nothing can
     */
    SocketOutput(
            NetSocket socket,
            Machine<?> machine,
            Runnable turnEnd,
            Runnable left,
            Runnable broken,
            String protocol,
            Spi spi) {
        this.socket = socket;
        this.machine = machine;
        this.turnEnd = turnEnd;
        this.left = left;
        this.broken = broken;
        this.protocol = protocol;
        this.spi = spi;
    }

    /** Bytes that were handed to the socket and are not written yet. */
    long unwrittenBytes() {
        return unwrittenBytes;
    }

    /** What these take in memory, which is more. */
    long heldBytes() {
        return unwrittenBytes + (long) WRITE_BYTES * unwritten;
    }

    /**
     * Writes at the end of this turn.
     *
     * @param within true: the caller handles the end of the turn
     * @return the future of the last write
     */
    Future<Void> later(boolean within) {
        Promise<Void> waiting = held;
        if (waiting == null) {
            if (machine.outputBytes() == 0) {
                return lastWrite;
            }
            held = waiting = Promise.promise();
        }
        Future<Void> written = waiting.future();
        if (machine.outputBytes() >= TURN_BYTES) {
            turnEnd.run();
        } else if (!within && !scheduled) {
            scheduled = true;
            context.runOnContext(v -> {
                scheduled = false;
                turnEnd.run();
            });
        }
        return written;
    }

    /** Writes all output. @param gone why no further output arrives: it is thrown away; or null */
    void write(@Nullable RuntimeException gone) {
        if (failed) {
            return;
        }
        for (Buffer next = machine.takeOutput(); next != null; next = machine.takeOutput()) {
            if (gone != null) {
                // The socket may still be open, to be read: what nobody can get is not kept there.
                machine.written(next);
            } else if (next.length() <= COPIED_BYTES && socket.writeQueueFull()) {
                // What has to wait takes no more than its bytes: small pieces were joined with room for others.
                Buffer waiting = next.copy();
                machine.written(next);
                write(waiting, NOTHING);
            } else {
                // Netty copies what it writes out of the heap: a large piece need not be there until it is written.
                write(next, next.length() <= TURN_BYTES ? next : NOTHING);
            }
        }
        if (gone != null) {
            lastWrite = Future.failedFuture(gone);
        }
        Promise<Void> waiting = held;
        if (waiting != null) {
            held = null;
            lastWrite.onComplete(waiting);
        }
    }

    /** Writes the farewell, if the machine has one. @param target the other end, for people */
    void writeLast(String target) {
        try {
            write(null);
        } catch (RuntimeException nothingToSay) {
            LOG.log(Level.DEBUG, "no farewell to " + target, nothingToSay);
            fail(new CallException(CallException.Reason.CONNECTION_LOST, "closed by us", nothingToSay));
        }
    }

    /** @param reused belongs to the machine again when {@code bytes} are written */
    private void write(Buffer bytes, Buffer reused) {
        int count = bytes.length();
        unwrittenBytes += count;
        unwritten++;
        spi.moved(protocol, 0, count);
        lastWrite = socket.write(bytes);
        lastWrite.onComplete(done -> {
            unwrittenBytes -= count;
            unwritten--;
            if (done.succeeded()) {
                machine.written(reused);
            }
            left.run();
            if (done.failed()) {
                broken.run();
            }
        });
    }

    /** No further output is written, including the machine's: its senders were notified of the failure. */
    void fail(RuntimeException cause) {
        failed = true;
        lastWrite = Future.failedFuture(cause);
        Promise<Void> waiting = held;
        if (waiting != null) {
            held = null;
            waiting.fail(cause);
        }
    }
}
