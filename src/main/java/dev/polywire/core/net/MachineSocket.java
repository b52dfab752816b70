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
 * A machine on a socket: gives it the bytes read, delivers its events, writes its output, wakes it at its deadline. All of
 * this happens on the context on which the socket was made.
 *
 * <pre>{@code
 *   NetSocket -> machine.receive -> machine.nextEvent -> connection.event      at most 256 events a turn, then others first
 *   NetSocket <- machine.takeOutput <- flush()
 * }</pre>
 *
 * @param <E> the machine's events
 */
public final class MachineSocket<E> {

    /** Events of one turn of the event loop; then other work of the same loop follows. */
    static final int EVENTS_A_TURN = 256;
    /** Turns in a row; then the loop polls its sockets, which tasks could otherwise delay for up to a second. */
    static final int TURNS_A_LOOK = 16;
    /** How long a peer that does not read can delay a close; then the remaining output is dropped. */
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
    /** The peer has closed; the machine is notified after it has given all earlier events. */
    private boolean peerClosed;

    private boolean machineKnows;
    /** The machine has bytes that were not decoded yet. */
    private boolean unread;

    /** The socket is closed; bytes read from it may still wait for {@link #resume}. */
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

    /** From now on the connection receives events. */
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

    /** The other end, as text for people. */
    public String target() {
        return target;
    }

    /**
     * Writes the machine's output at the end of this turn of the event loop, and wakes the machine at its deadline.
     *
     * @return completes when the last byte was handed to the system; otherwise fails, with the cause of the close once the
     *     socket is closed. All output that is written together has the same future
     */
    public Future<Void> flush() {
        if (closed != null) {
            return Future.failedFuture(closed);
        }
        armTimer();
        return output.later(working);
    }

    /** True while the peer reads slower than we write; {@link Connection#drained} is called at its end. */
    public boolean writeQueueFull() {
        return !down && socket.writeQueueFull();
    }

    /** Bytes that were handed to the socket and are not written yet. */
    public long unwrittenBytes() {
        return output.unwrittenBytes();
    }

    /** No event is delivered and no byte read until {@link #resume}. */
    public void pause() {
        if (reading) {
            machine.hold(true, Monotonic.millis());
            reading = false;
            socket.pause();
        }
    }

    public void resume() {
        if (!reading && closed == null) {
            machine.hold(false, Monotonic.millis());
            reading = true;
            goOnLater(false);
        }
    }

    /** Delivers events that waited for something other than bytes, such as the answer to the request before them. */
    public void proceed() {
        work();
    }

    /** Continues long work in another turn: other work of the loop comes first, and after some turns its sockets. */
    public void later(Runnable step) {
        later(++turns % TURNS_A_LOOK == 0, step);
    }

    public boolean isClosed() {
        return closed != null;
    }

    /** True when the peer is gone: nothing can be written; earlier input is delivered, or waits for it. */
    public boolean isDown() {
        return down;
    }

    /**
     * Closes with a cause, after writing the machine's remaining output. The connection is notified at once. A peer that
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

    /** Closes with a cause and drops all unsent output: for a peer that does not read. */
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

    /** A reset or an invalid TLS record: drops the input that was read and not delivered. */
    private void broke(Throwable why) {
        broken = why;
        close(lost());
    }

    /**
     * Called as soon as the socket is closed. Input from before a FIN waits in the socket, and {@link #ended} follows after
     * it; a reader that paused because it could not write must be notified now, or it would never resume.
     */
    private void socketClosed() {
        down = true;
        if (closed != null) {
            vertx.cancelTimer(timer);
        }
        drained();
        if (!reading || closed != null) {
            // The machine gets all remaining input, which shows whether an event waits for the reader. After a close
            // the input is dropped, but must be read: Vert.x 5.1.6 keeps the input of a paused socket from Netty's
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

    /** Delivers events until there are none, the reader pauses, or the turn is over. */
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

    /** Continues in another turn; the socket reads again when the machine has no event left. */
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

    /** An early timer is harmless, so it is set again only when the machine's deadline has moved to an earlier time. */
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
        // With TLS 1.3, a client learns only after its handshake that the server rejects its certificate.
        CallException.Reason reason = TlsOptions.failure(broken) instanceof SSLHandshakeException
                ? CallException.Reason.UNAUTHENTICATED
                : CallException.Reason.CONNECTION_LOST;
        return new CallException(reason, "connection to " + target + " lost: " + why, broken);
    }
}
