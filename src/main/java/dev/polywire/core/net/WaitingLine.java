package dev.polywire.core.net;

import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * The bytes of the requests that wait at one place for their turn, in the {@link MemoryBudget}. Only here is a request
 * measured: most never wait. What waits never exceeds the budget. Belongs to one context.
 */
public final class WaitingLine {

    private final Vertx vertx;
    private final MemoryLoan bytes;

    /**
     * @param name who waits and for what, for people
     * @param dropped fails all that wait here, with this OVERLOADED
     */
    public WaitingLine(Vertx vertx, String name, Consumer<CallException> dropped) {
        this.vertx = vertx;
        this.bytes = new MemoryLoan(vertx, name, dropped);
    }

    /**
     * A request begins to wait.
     *
     * @param deadline of the request, which knows its bytes
     * @param more bytes that are held beside it, such as its encoded form
     * @return what {@link #leave} is called with when it waits no longer
     * @throws CallException OVERLOADED: there is no room, and it must not wait
     */
    public long enter(Deadline deadline, long more) {
        long held = deadline.heldBytes() + more;
        if (held > 0) {
            MemoryBudget budget = MemoryBudget.of(vertx);
            if (!budget.admits(held) || !bytes.take(held)) {
                throw new CallException(CallException.Reason.OVERLOADED, budget.noRoomFor(held));
            }
        }
        return held;
    }

    /** It waits no longer. @param held what {@link #enter} returned */
    public void leave(long held) {
        bytes.release(held);
    }
}
