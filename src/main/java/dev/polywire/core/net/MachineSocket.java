package dev.polywire.core.net;

import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * A machine on a socket: reads into it, hands out its events, writes what it gives, wakes it at its deadline. All of it
 * happens on the context the socket was made on.
 *
 * <pre>{@code
 *   NetSocket -> machine.receive -> machine.nextEvent -> connection.event      at most 256 events a turn, then others first
 *   NetSocket <- machine.takeOutput <- flush()
 * }</pre>
 *
 * @param <E> the machine's events
 */
public final class MachineSocket<E> {

    /** Work of one turn of the event loop; others on the same loop come next. */
    static final int EVENTS_A_TURN = 256;
    /** Turns in a row; then the sockets of the loop come next, which it would not look at for up to a second of tasks. */
    static final int TURNS_A_LOOK = 16;
    /** How long a peer that does not read can hold up a close; then what it was still to be told is dropped. */
    static final long FAREWELL_MILLIS = 3_000;

    private static final Logger LOG = System.getLogger(MachineSocket.class.getName());

    private final NetSocket socket;
    private final Machine<E> machine;
    private final Connection<E> connection;
    private final Context context;
    private final Vertx vertx;
    private final String protocol;
    private final String target;
    private final Spi spi;
    private final SocketOutput output;
    private long timer = -1;
    private long timerAtMillis = Long.MAX_VALUE;
    private boolean reading = true;
    private boolean working;
    private boolean again;
    private int turns;
    /** The peer has closed; the machine hears of it when it was asked about all that came before. */
    private boolean peerClosed;

    private boolean machineKnows;
    /** The machine has bytes that it was not asked about. */
    private boolean unread;

    /** The socket is no more; what was read from it may still wait for {@link #resume}. */
    private boolean down;

    private @Nullable Throwable broken;
    private @Nullable RuntimeException closed;

    MachineSocket(OpenSocket<E> open, Connection<E> connection) {
        this.socket = open.socket;
        this.machine = open.machine;
        this.connection = connection;
        this.protocol = open.protocol;
        this.target = open.target;
        this.spi = open.spi;
        this.context = Vertx.currentContext();
        this.vertx = context.owner();
        this.output = new SocketOutput(socket, machine, this::writeNow, this::left, protocol, spi);
    }

    /** From now on the connection hears. */
    void begin() {
        socket.exceptionHandler(this::broke);
        socket.drainHandler(v -> drained());
        socket.endHandler(v -> ended());
        socket.closeHandler(v -> socketClosed());
        socket.handler(this::received);
        machine.start(Monotonic.millis());
        flush();
    }

    String protocol() {
        return protocol;
    }

    /** Who is at the other end, for people. */
    public String target() {
        return target;
    }

    /**
     * Writes what the machine has to send, at the end of this turn of the event loop, and wakes it at its deadline.
     *
     * @return completes when the last of it was handed to the system; fails when it was not, with the cause of the close
     *     once we are closed. The same future for all that is written together
     */
    public Future<Void> flush() {
        if (closed != null) {
            return Future.failedFuture(closed);
        }
        armTimer();
        return output.later(working);
    }

    /** True while the peer reads slower than we write; {@link Connection#drained} tells the end of it. */
    public boolean writeQueueFull() {
        return !down && socket.writeQueueFull();
    }

    /** Bytes that were handed to the socket and are not written. */
    public long unwrittenBytes() {
        return output.unwrittenBytes();
    }

    /** No further event is given and no further byte read until {@link #resume}. */
    public void pause() {
        if (reading) {
            machine.hold(true, Monotonic.millis());
        }
        reading = false;
        socket.pause();
    }

    public void resume() {
        if (!reading && closed == null) {
            machine.hold(false, Monotonic.millis());
            reading = true;
            goOnLater(false);
        }
    }

    /** Hands out events that waited for something else than bytes: a machine that gives one request at a time was answered. */
    public void proceed() {
        work();
    }

    /** Goes on with long work in a turn of its own: others on the same loop come first, and some turns later its sockets. */
    public void later(Runnable step) {
        later(++turns % TURNS_A_LOOK == 0, step);
    }

    public boolean isClosed() {
        return closed != null;
    }

    /** True when the peer is gone: nothing can be written, and what it wrote before is handed out, or waits for it. */
    public boolean isDown() {
        return down;
    }

    /**
     * Closes with a cause, after writing what the machine still has to say. The connection hears of it at once; a peer that
     * does not read is dropped after {@link #FAREWELL_MILLIS}.
     */
    public void close(RuntimeException cause) {
        if (closed == null) {
            closed = cause;
            vertx.cancelTimer(timer);
            writeFarewell();
            socket.close();
            if (output.unwrittenBytes() > 0 && !down) {
                timer = vertx.setTimer(FAREWELL_MILLIS, t -> Spi.abort(socket));
            }
            connection.socketClosed(cause);
        }
    }

    /** Closes with a cause, and drops what the peer has not read: the end of one that does not read. */
    public void abort(RuntimeException cause) {
        if (closed == null) {
            closed = cause;
            vertx.cancelTimer(timer);
            Spi.abort(socket);
            output.fail(cause);
            connection.socketClosed(cause);
        }
    }

    private void received(Buffer bytes) {
        if (closed == null) {
            spi.moved(protocol, bytes.length(), 0);
            unread = true;
            guarded(() -> machine.receive(bytes, Monotonic.millis()));
            work();
            if (closed == null) {
                guarded(connection::received);
            }
        }
    }

    private void ended() {
        if (closed == null) {
            peerClosed = true;
            reading |= !unread;
            work();
        }
    }

    /** A reset, or a TLS record that is none: takes with it what was read and not handed out. */
    private void broke(Throwable why) {
        broken = why;
        close(lost());
    }

    /**
     * Comes as soon as the socket is gone. What was read before a FIN waits in the socket, and {@link #ended} comes behind
     * it; a reader that paused because it could not write must hear of it now, or it would never resume.
     */
    private void socketClosed() {
        down = true;
        if (closed != null) {
            vertx.cancelTimer(timer);
        }
        drained();
        if (!reading || closed != null) {
            // All there will ever be goes to the machine, to learn whether anything waits for the reader. Once we are
            // closed it is dropped, but must be taken: Vert.x 5.1.6 keeps what a paused socket has read from Netty's
            // pool.
            socket.resume();
        }
    }

    private void drained() {
        if (closed == null) {
            guarded(connection::drained);
        }
    }

    private void tick() {
        timer = -1;
        timerAtMillis = Long.MAX_VALUE;
        guarded(() -> machine.tick(Monotonic.millis()));
        work();
    }

    /** Hands out events until there are none, the reader pauses, or the turn is over. */
    private void work() {
        if (working || closed != null) {
            return;
        }
        working = true;
        guarded(this::handOut);
        working = false;
        writeNow();
    }

    private void handOut() {
        for (int i = 0; reading && closed == null; i++) {
            if (i == EVENTS_A_TURN) {
                socket.pause();
                goOnLater(++turns % TURNS_A_LOOK == 0);
                return;
            }
            E event = machine.nextEvent();
            if (event != null) {
                connection.event(event);
            } else if (!peerClosed) {
                unread = false;
                return;
            } else if (machineKnows) {
                close(lost());
            } else {
                machineKnows = true;
                machine.peerClosed(Monotonic.millis());
            }
        }
    }

    /** Goes on in a turn of its own; the socket reads again when the machine has nothing left. */
    private void goOnLater(boolean look) {
        if (!again) {
            again = true;
            later(look, this::goOn);
        }
    }

    private void later(boolean look, Runnable step) {
        if (look) {
            vertx.setTimer(1, t -> step.run());
        } else {
            context.runOnContext(v -> step.run());
        }
    }

    private void goOn() {
        again = false;
        if (reading && closed == null) {
            work();
            if (reading && !again && closed == null) {
                socket.resume();
            }
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (ProtocolException violation) {
            close(violation);
        } catch (RuntimeException | Error bug) {
            LOG.log(Level.ERROR, "closing the connection to " + target, bug);
            CallException cause =
                    new CallException(CallException.Reason.CONNECTION_LOST, "closed by us: internal error", bug);
            output.fail(cause);
            close(cause);
        }
    }

    private void writeNow() {
        if (closed == null) {
            guarded(this::write);
        }
    }

    private void write() {
        output.write(down ? lost() : null);
        armTimer();
    }

    private void left() {
        if (closed == null) {
            guarded(connection::written);
        }
    }

    private void writeFarewell() {
        try {
            output.write(null);
        } catch (RuntimeException nothingToSay) {
            LOG.log(Level.DEBUG, "no farewell to " + target, nothingToSay);
            output.fail(new CallException(CallException.Reason.CONNECTION_LOST, "closed by us", nothingToSay));
        }
    }

    /** A timer that comes early is harmless, so it is only set again when the machine's deadline has moved forward. */
    private void armTimer() {
        long deadlineMillis = machine.deadlineMillis();
        if (closed == null && deadlineMillis < timerAtMillis) {
            vertx.cancelTimer(timer);
            timerAtMillis = deadlineMillis;
            timer = vertx.setTimer(Math.max(1, deadlineMillis - Monotonic.millis()), t -> tick());
        }
    }

    private CallException lost() {
        String why = broken == null ? "closed by the peer" : String.valueOf(broken.getMessage());
        // With TLS 1.3 a client learns only behind its handshake that the server does not take its certificate.
        CallException.Reason reason = TlsOptions.failure(broken) instanceof SSLHandshakeException
                ? CallException.Reason.UNAUTHENTICATED
                : CallException.Reason.CONNECTION_LOST;
        return new CallException(reason, "connection to " + target + " lost: " + why, broken);
    }
}
