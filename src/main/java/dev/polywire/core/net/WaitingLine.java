package dev.polywire.core.net;

import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * What is held for the requests that wait at one place for their turn beside the requests, in the {@link MemoryBudget}: those
 * are counted by their owners. Above the limit none begins to wait. Belongs to one context.
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
     * @param deadline of the request
     * @param more bytes that are held beside it, such as its encoded form
     * @return what {@link #leave} is called with when it waits no longer
     * @throws CallException OVERLOADED: there is no room, and it must not wait
     */
    public long enter(Deadline deadline, long more) {
        if (deadline.heldBytes() + more > 0) {
            MemoryBudget budget = MemoryBudget.of(vertx);
            if (!budget.admits(more) || more > 0 && !bytes.take(more)) {
                throw new CallException(CallException.Reason.OVERLOADED, budget.noRoomFor(more));
            }
        }
        return more;
    }

    /** It waits no longer. @param held what {@link #enter} returned */
    public void leave(long held) {
        bytes.release(held);
    }
}
