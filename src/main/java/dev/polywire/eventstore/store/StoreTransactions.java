package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.NewEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Transactions that are open, and the newest of those that were committed or refused, which may be committed once more. */
final class StoreTransactions {

    /** @param position of its own record */
    record Prepared(NewEvent event, UUID id, long position, long createdTicks) {}

    /** One of them. */
    static final class Transaction {

        private final String stream;
        private final long expectedVersion;
        private final List<Prepared> prepared = new ArrayList<>();
        private @Nullable List<UUID> committed;
        /** Its client has heard that it cannot be committed, and will hardly come back. */
        private boolean refused;

        private Transaction(String stream, long expectedVersion) {
            this.stream = stream;
            this.expectedVersion = expectedVersion;
        }

        String stream() {
            return stream;
        }

        long expectedVersion() {
            return expectedVersion;
        }

        List<Prepared> prepared() {
            return prepared;
        }

        /** Of its events; what comes behind the first commit does not count. */
        List<UUID> ids() {
            return committed != null
                    ? committed
                    : prepared.stream().map(Prepared::id).toList();
        }

        /** Those that the first commit will write. */
        List<NewEvent> events() {
            return prepared.stream().map(Prepared::event).toList();
        }

        boolean isCommitted() {
            return committed != null;
        }

        void committed() {
            committed = ids();
            prepared.clear();
        }

        void refused() {
            refused = true;
        }

        private boolean isOver() {
            return refused || isCommitted();
        }
    }

    private final Map<Long, Transaction> all = new LinkedHashMap<>();
    private final int max;

    StoreTransactions(int max) {
        this.max = max;
    }

    /** Makes room for one more. @throws StoreFullException when all are open */
    void requireRoom() {
        if (all.size() < max) {
            return;
        }
        for (Iterator<Transaction> each = all.values().iterator(); each.hasNext(); ) {
            if (each.next().isOver()) {
                each.remove();
                return;
            }
        }
        throw new StoreFullException("transactions: more are open (expected: <= " + max + ")");
    }

    void start(long id, String stream, long expectedVersion) {
        all.put(id, new Transaction(stream, expectedVersion));
    }

    /** Null: there is none, or it was over long ago. */
    @Nullable
    Transaction find(long id) {
        return all.get(id);
    }
}
