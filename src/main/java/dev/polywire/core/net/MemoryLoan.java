package dev.polywire.core.net;

import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes that are held now and then: their {@link MemoryAccount} is open only while there are some. One context. */
public final class MemoryLoan implements MemoryHolder {

    private final Vertx vertx;
    private final String name;
    private final Consumer<CallException> dropped;
    private @Nullable MemoryAccount account;
    private long bytes;

    /**
     * @param name what they are, for people
     * @param dropped releases them, and gives this OVERLOADED to all that wait for them
     */
    public MemoryLoan(Vertx vertx, String name, Consumer<CallException> dropped) {
        this.vertx = vertx;
        this.name = name;
        this.dropped = dropped;
    }

    /** Bytes that are released so soon that nobody can drop them. */
    public MemoryLoan(Vertx vertx, String name) {
        this(vertx, name, why -> {});
    }

    /** Counts more bytes. @return false: there is no room, and they must not be held */
    public boolean take(long more) {
        MemoryBudget budget = MemoryBudget.of(vertx);
        MemoryAccount own = account == null ? budget.open(name, this) : account;
        account = own;
        if (!own.admits(more)) {
            closeIfEmpty(own);
            return false;
        }
        bytes += more;
        own.holds(bytes);
        return true;
    }

    /** Some of these bytes are not held any more. */
    public void release(long fewer) {
        MemoryAccount own = account;
        if (own != null) {
            bytes -= fewer;
            own.holds(bytes);
            closeIfEmpty(own);
        }
    }

    @Override
    public void drop(CallException why) {
        dropped.accept(why);
    }

    private void closeIfEmpty(MemoryAccount own) {
        if (bytes == 0) {
            account = null;
            own.close();
        }
    }
}
