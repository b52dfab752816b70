package dev.polywire.amqp.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import java.util.function.Consumer;

/** The memory of publishes that have no outcome yet: of those that wait, and of those that were sent, which may wait again. */
final class PublishMemory implements MemoryHolder {

    /** What a publish takes beside its body, about. */
    private static final int PUBLISH_BYTES = 512;

    /** The account changes in such steps: with each publish it would cost more than the rest of a small one. */
    private static final int STEP_BYTES = 16 * 1024;

    private final MemoryBudget budget;
    private final String name;
    private final Consumer<CallException> dropped;
    private MemoryAccount account;
    private long bytes;
    private long counted;

    /**
     * @param name who publishes, for people
     * @param dropped gives all publishes their outcome, and releases them
     */
    PublishMemory(RecoveringConnection connection, String name, Consumer<CallException> dropped) {
        this.budget = MemoryBudget.of(connection.vertx());
        this.name = "amqp " + connection.target() + ", " + name;
        this.dropped = dropped;
        this.account = budget.open(this.name, this);
    }

    boolean admits(Publishing one) {
        return account.mayRead() && account.admits(one.bodyBytes());
    }

    /** Why it is not admitted, for people. */
    String noRoomFor(Publishing one) {
        return budget.noRoomFor(one.bodyBytes());
    }

    void take(Publishing one) {
        bytes += PUBLISH_BYTES + one.bodyBytes();
        count();
    }

    /** It has its outcome, or never will have one from here. */
    void release(Publishing one) {
        bytes -= PUBLISH_BYTES + one.bodyBytes();
        count();
    }

    void close() {
        account.close();
    }

    /** With an account anew: its publisher goes on. */
    @Override
    public void drop(CallException why) {
        dropped.accept(why);
        account.close();
        account = budget.open(name, this);
        counted = 0;
        count();
    }

    private void count() {
        if (bytes > counted || bytes <= counted - 2 * STEP_BYTES || bytes == 0) {
            counted = (bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
            account.holds(counted);
        }
    }
}
