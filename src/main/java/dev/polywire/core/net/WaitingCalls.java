package dev.polywire.core.net;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for their turn on one connection, oldest first; each leaves at its deadline. What they hold is counted in the
 * memory budget. Belongs to one context.
 *
 * @param <C> a call, which has a deadline
 */
public final class WaitingCalls<C extends Call<?>> {

    private final ArrayDeque<Waiting<C>> waiting = new ArrayDeque<>();
    private final WaitingLine line;

    /** @param heldBytes in the {@link #line} */
    private record Waiting<C>(C call, long heldBytes) {}

    /** @param name who waits and for what, for people */
    public WaitingCalls(Vertx vertx, String name) {
        this.line = new WaitingLine(vertx, name, this::drop);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** A call begins to wait; it fails with OVERLOADED when there is no room. @param heldBytes what it keeps in memory */
    public void add(C call, long heldBytes) {
        Waiting<C> last;
        try {
            last = new Waiting<>(call, line.enter(Objects.requireNonNull(call.deadline()), heldBytes));
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

    private void drop(CallException why) {
        for (C call = next(); call != null; call = next()) {
            call.failed(why);
        }
    }
}
