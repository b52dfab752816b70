package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.WaitingLine;
import dev.polywire.mongodb.client.MongoCall;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands that wait for a connection, in the order in which they came. Each leaves at its deadline, which takes as long
 * with 10,000 of them as with one. What they hold is counted in the memory budget. Belongs to one context.
 */
final class WaitingCommands {

    /** What waits; equal to nothing else. */
    private static final class Waiting {

        final MongoCall call;
        final long heldBytes;

        Waiting(MongoCall call, long heldBytes) {
            this.call = call;
            this.heldBytes = heldBytes;
        }
    }

    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private final WaitingLine line;
    private final Consumer<MongoCall> expired;

    /**
     * @param dropped is given the reason why nothing that waits may wait any longer: the memory is needed
     * @param expired is given each whose deadline has passed, which has left
     */
    WaitingCommands(Vertx vertx, Consumer<CallException> dropped, Consumer<MongoCall> expired) {
        this.line = new WaitingLine(vertx, "mongodb commands that wait for a connection", dropped);
        this.expired = expired;
    }

    /**
     * It waits behind the others.
     *
     * @param most that may wait
     * @throws CallException OVERLOADED: so many wait, or there is no memory for it
     */
    void add(MongoCall call, int most) {
        if (waiting.size() >= most) {
            throw new CallException(
                    CallException.Reason.OVERLOADED, "waiting for a connection: more (expected: <= " + most + ")");
        }
        Waiting last = new Waiting(call, line.enter(call.patience(), call.requestBytes()));
        waiting.add(last);
        call.watch(() -> {
            if (waiting.remove(last)) {
                line.leave(last.heldBytes);
                expired.accept(call);
            }
        });
    }

    /** The one that came first; null: none waits. */
    @Nullable
    MongoCall first() {
        return waiting.isEmpty() ? null : waiting.iterator().next().call;
    }

    /** The one that came first leaves. */
    void removeFirst() {
        Waiting first = waiting.iterator().next();
        waiting.remove(first);
        line.leave(first.heldBytes);
    }

    /** All leave. @return in the order in which they came; who has none of them fail may find new ones waiting here */
    List<MongoCall> removeAll() {
        List<MongoCall> all = waiting.stream().map(each -> each.call).toList();
        waiting.forEach(each -> line.leave(each.heldBytes));
        waiting.clear();
        return all;
    }

    int size() {
        return waiting.size();
    }
}
