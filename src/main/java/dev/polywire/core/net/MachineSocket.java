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
    /** How long a peer that does not read can delay a close; then the remaining output is dropped. */
    static final long FAREWELL_MILLIS = 3_000;

    private static final Logger LOG = System.getLogger(MachineSocket.class.getName());

    private final NetSocket socket;
    private final Machine<E> machine;
    private final Connection<E> connection;
    private final Context context;
    private final String protocol;
    private final String target;
    private final Spi spi;
    private final SocketInput input;
    private final SocketOutput output;
    private final SocketMemory memory;
    private final LoopTurns turns;
    private final SocketTimer timer;
    private boolean working;
    private boolean again;
    private boolean machineKnows;
    /** The peer has closed; the machine is notified after it has given all earlier events. */
    private boolean peerClosed;
    /** Nothing can be written; earlier bytes may still wait for {@link #resume} in the machine, or in the kernel. */
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
        this.timer = new SocketTimer(context.owner());
        this.turns = new LoopTurns(context);
        this.output = new SocketOutput(socket, machine, this::writeNow, this::left, this::unwritable, protocol, spi);
        this.memory = new SocketMemory(open.budget, protocol + " " + target, this, machine, connection, output);
        this.input = new SocketInput(socket, machine, open.first, memory.account());
    }

    /** From now on the connection receives events. */
    void begin() {
        socket.exceptionHandler(this::broke);
        socket.drainHandler(v -> drained());
        socket.endHandler(v -> ended());
        socket.closeHandler(v -> socketClosed());
        socket.handler(this::received);
        machine.limitMessage(account().maxMessageBytes());
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

    /** No event is delivered and no byte read until {@link #resume}; what the peer sends waits in the kernel. */
    public void pause() {
        if (input.want(false) && account().isUnfinished()) {
            // Whoever goes on in its place may be told at once: not in the middle of the work that pauses.
            context.runOnContext(v -> count());
        }
    }

    public void resume() {
        if (closed == null && input.want(true)) {
            goOnLater();
        }
    }

    SocketInput input() {
        return input;
    }

    /** What is held here, in the memory budget. */
    public MemoryAccount account() {
        return memory.account();
    }

    /** Brings the account up to date: called when {@link Connection#heldBytes} has changed. */
    public void count() {
        if (closed == null) {
            memory.count();
        }
    }

    /** What was read is delivered in both cases: that makes room. */
    void admit() {
        if (closed == null) {
            input.admit();
            goOnLater();
        }
    }

    /** Continues long work in another turn: other work of the loop comes first, and after some turns its sockets. */
    public void later(Runnable step) {
        turns.later(step);
    }

    public boolean isClosed() {
        return closed != null;
    }

    /** True when the peer is gone: nothing can be written; earlier input is delivered, or waits for it. */
    public boolean isDown() {
        return down;
    }

    /** Whether the peer, or the network, has ended it, and not this side. */
    public boolean isEndedByPeer() {
        return peerClosed || down || broken != null;
    }

    /**
     * Closes with a cause, after writing the machine's remaining output. The connection is notified at once. A peer that
     * does not read is dropped after {@link #FAREWELL_MILLIS}.
     */
    public void close(RuntimeException cause) {
        if (closed == null) {
            closed = cause;
            timer.cancel();
            output.writeLast(target);
            memory.countFarewell();
            if (down) {
                memory.close();
            }
            socket.close();
            if (output.unwrittenBytes() > 0 && !down) {
                timer.wakeIn(FAREWELL_MILLIS, () -> Spi.abort(socket));
            }
            connection.socketClosed(cause);
        }
    }

    /** Closes with a cause and drops all unsent output: for a peer that does not read. */
    public void abort(RuntimeException cause) {
        if (closed == null) {
            closed = cause;
            timer.cancel();
            Spi.abort(socket);
            output.fail(cause);
            memory.close();
            connection.socketClosed(cause);
        }
    }

    /** The same, and nothing that was written before arrives any more: for a peer that is silent. */
    void drop(RuntimeException cause) {
        if (closed == null) {
            Spi.resetAtEnd(socket);
            abort(cause);
        }
    }

    private void received(Buffer bytes) {
        if (closed == null) {
            spi.moved(protocol, bytes.length(), 0);
            input.first().received(bytes);
            guarded(() -> machine.receive(bytes, Monotonic.millis()));
            input.arrived();
            proceed();
            if (closed == null) {
                guarded(connection::received);
            }
            count();
        }
    }

    private void ended() {
        if (closed == null) {
            peerClosed = true;
            proceed();
        }
    }

    /** A reset or an invalid TLS record: drops the input that was read and not delivered. */
    private void broke(Throwable why) {
        FullHeap.report(context, why);
        broken = why;
        close(lost());
    }

    /**
     * Called as soon as the socket is closed. The last input from before a FIN may wait in the socket, and {@link #ended}
     * follows after it; a reader that paused because it could not write must be notified now, or it would never resume.
     */
    private void socketClosed() {
        down = true;
        input.cut();
        drained();
        if (closed != null) {
            timer.cancel();
            memory.close();
        }
    }

    /** The peer is gone, and its end is behind bytes that nobody reads; else the end of the socket follows. */
    private void unwritable() {
        if (closed == null && !down) {
            down = true;
            drained();
            // Vert.x would keep what waits behind the failed write, and its senders, until the socket closes.
            context.runOnContext(v -> {
                if (output.unwrittenBytes() > 0) {
                    Spi.abort(socket);
                }
            });
        }
    }

    private void drained() {
        if (closed == null) {
            guarded(connection::drained);
        }
    }

    private void tick() {
        guarded(() -> machine.tick(Monotonic.millis()));
        proceed();
    }

    /** Delivers events until there are none, the reader pauses, or the turn is over; those too that waited for an answer, say. */
    public void proceed() {
        if (working || closed != null) {
            return;
        }
        working = true;
        guarded(this::handOut);
        working = false;
        writeNow();
    }

    private void handOut() {
        for (int i = 0; (input.isWanted() || isAtEnd()) && closed == null; i++) {
            if (i == EVENTS_A_TURN) {
                input.rest();
                goOnLater();
                return;
            }
            E event = machine.nextEvent();
            if (event != null) {
                input.first().understood();
                handOver(event, i == 0);
            } else if (!peerClosed) {
                input.decoded();
                return;
            } else if (machineKnows || input.isCut()) {
                close(lost());
            } else {
                machineKnows = true;
                machine.peerClosed(Monotonic.millis());
            }
        }
    }

    /** Whether only the end is left, which needs no reader. */
    private boolean isAtEnd() {
        return peerClosed && (!input.isUnread() || machine.heldBytes() == 0);
    }

    /** A message that was gathered is the first of its turn: whoever gets it counts it, and it must not count twice. */
    private void handOver(E event, boolean first) {
        if (first && account().bytes() > MemoryPressure.READ_BYTES) {
            count();
        }
        if (closed == null) {
            connection.event(event);
        }
    }

    /** Continues in another turn; the socket reads again when the machine has no event left. */
    private void goOnLater() {
        if (!again) {
            again = true;
            turns.later(this::goOn);
        }
    }

    private void goOn() {
        again = false;
        if (closed == null) {
            proceed();
            count();
            if (!again && closed == null) {
                input.goOn();
            }
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (ProtocolException violation) {
            connection.violated(violation);
        } catch (RuntimeException | Error bug) {
            FullHeap.report(context, bug);
            LOG.log(Level.ERROR, "closing the connection to " + target, bug);
            CallException cause = CallException.lost("closed by us: internal error", bug);
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
        count();
        armTimer();
    }

    private void left() {
        if (closed == null) {
            count();
            guarded(connection::written);
        } else {
            memory.countFarewell();
        }
    }

    private void armTimer() {
        if (closed == null) {
            timer.wakeAt(machine.deadlineMillis(), this::tick);
        }
    }

    /** The end by the peer, or by the network: CONNECTION_LOST, or UNAUTHENTICATED when TLS is the reason. */
    public CallException lost() {
        return input.first().end(broken, !connection.isReady());
    }
}
