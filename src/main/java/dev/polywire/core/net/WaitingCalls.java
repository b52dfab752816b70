package dev.polywire.core.net;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection until they are written: at once, or as soon as there is room, the oldest first. Each leaves at its
 * deadline. What waits is counted in the memory budget. Belongs to one context.
 *
 * @param <C> a call, which has a deadline
 */
public final class WaitingCalls<C extends Call<?>> {

    /** What the protocol does. */
    public interface Writer<C> {

        /** Whether another call may be in flight. */
        boolean hasRoom();

        /**
         * Gives a call to the machine.
         *
         * @throws ProtocolException when it is too large
         * @throws IllegalArgumentException when it cannot be written
         * @throws CallException when it should not be sent any more
         */
        void write(C call);
    }

    private final ArrayDeque<Waiting<C>> waiting = new ArrayDeque<>();
    private final WaitingLine line;
    private final MachineSocket<?> socket;
    private final Writer<C> writer;

    /** @param heldBytes in the {@link #line} */
    private record Waiting<C>(C call, long heldBytes) {}

    /** @param name who waits and for what, for people */
    public WaitingCalls(MachineSocket<?> socket, String name, Writer<C> writer) {
        this.socket = socket;
        this.writer = writer;
        this.line = new WaitingLine(Vertx.currentContext().owner(), name, this::drop);
    }

    /** Writes a call, or lets it wait; it fails with OVERLOADED when there is no room for that. @param heldBytes in memory */
    public void send(C call, long heldBytes) {
        if (deadline(call).expired()) {
            call.expired();
        } else if (!waiting.isEmpty() || !hasRoom()) {
            add(call, heldBytes);
        } else if (write(call)) {
            socket.flush();
        }
    }

    /** There may be room for those that wait. */
    public void advance() {
        boolean any = false;
        while (!waiting.isEmpty() && hasRoom()) {
            C call = next();
            any |= call != null && !call.isOver() && write(call);
        }
        if (any) {
            socket.flush();
        }
    }

    private boolean hasRoom() {
        return writer.hasRoom() && !socket.writeQueueFull();
    }

    private boolean write(C call) {
        try {
            writer.write(call);
        } catch (ProtocolException | IllegalArgumentException unsendable) {
            call.refused(unsendable);
            return false;
        } catch (CallException unsent) {
            call.failed(unsent);
            return false;
        }
        call.sent();
        return true;
    }

    private void add(C call, long heldBytes) {
        Waiting<C> last;
        try {
            last = new Waiting<>(call, line.enter(deadline(call), heldBytes));
        } catch (CallException noRoom) {
            call.failed(noRoom);
            return;
        }
        waiting.add(last);
        call.watch(() -> {
            waiting.remove(last);
            line.leave(last.heldBytes);
            call.expired();
        });
    }

    /** The oldest one, which waits no longer; null: none does. */
    public @Nullable C next() {
        Waiting<C> next = waiting.poll();
        if (next == null) {
            return null;
        }
        line.leave(next.heldBytes);
        return next.call;
    }

    /** The connection has ended. */
    public void lost(RuntimeException cause) {
        for (C call = next(); call != null; call = next()) {
            call.lost(cause);
        }
    }

    private static Deadline deadline(Call<?> call) {
        return Objects.requireNonNull(call.deadline());
    }

    private void drop(CallException why) {
        for (C call = next(); call != null; call = next()) {
            call.failed(why);
        }
    }
}
