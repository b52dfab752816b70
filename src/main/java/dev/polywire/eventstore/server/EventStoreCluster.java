package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.OperationResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Some nodes on one database: who leads them, and whether what the leader writes is committed. */
final class EventStoreCluster {

    /**
     * Changes that wait for a majority; twice what the clients of 5.0.11 have in flight. What is in them has the bound of the
     * store, which will have to take it.
     */
    static final int MAX_WAITING_COMMITS = 10_000;

    /** The default of 5.0.11. */
    static final long COMMIT_TIMEOUT_MILLIS = 2_000;
    /** The same: two seconds each for a prepare and a commit, and 300 ms. */
    static final long FORWARD_TIMEOUT_MILLIS = 4_300;

    private final EventStoreDatabase database;
    private final List<EventStoreNode> nodes = new ArrayList<>();
    private final Deque<Commit> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean hasMajority = true;
    private int epoch = 1;

    /** A change that waits for a majority. */
    private static final class Commit {

        private final StoreRequest request;
        private final Consumer<StoreRequest> here;
        private final long bytes;
        private boolean done;
        private boolean givenUp;

        private Commit(StoreRequest request, Consumer<StoreRequest> here, long bytes) {
            this.request = request;
            this.here = here;
            this.bytes = bytes;
        }

        private void giveUp(EventStoreMessage timeout) {
            if (!done) {
                givenUp = true;
                request.answer(timeout);
            }
        }

        private void commit() {
            done = true;
            here.accept(givenUp ? request.unheard() : request);
        }
    }

    EventStoreCluster(EventStoreDatabase database) {
        this.database = database;
    }

    EventStoreDatabase database() {
        return database;
    }

    /** In the order in which they were added. */
    List<EventStoreNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    void add(EventStoreNode node) {
        nodes.add(node);
    }

    /** Whether clients can reach it or not; null: there is none. */
    @Nullable
    EventStoreNode leader() {
        return nodes.stream()
                .filter(node -> node.role() == NodeRole.LEADER)
                .findFirst()
                .orElse(null);
    }

    /** How often somebody has begun to lead. */
    int epoch() {
        return epoch;
    }

    void beginEpoch() {
        epoch++;
    }

    /** Without a majority, what is written waits, and is answered with CommitTimeout; it is committed as soon as there is one. */
    void majority(boolean hasMajority) {
        this.hasMajority = hasMajority;
        while (this.hasMajority && !waiting.isEmpty()) {
            Commit next = waiting.remove();
            waitingBytes -= next.bytes;
            next.commit();
        }
    }

    /** The leader was asked for something. */
    void lead(StoreRequest request, EventStoreMessage message, Consumer<StoreRequest> here) {
        if (hasMajority || !NodeRules.needsMajority(message)) {
            here.accept(request);
            return;
        }
        long bytes = NodeRules.contentBytes(message);
        if (waiting.size() >= MAX_WAITING_COMMITS
                || waitingBytes + bytes > database.store().bounds().maxBytes()) {
            request.tooBusy(database.counters());
            return;
        }
        Commit commit = new Commit(request, here, bytes);
        waiting.add(commit);
        waitingBytes += bytes;
        EventStoreMessage timeout = Objects.requireNonNull(
                NodeRules.tooLate(message, OperationResult.COMMIT_TIMEOUT, "Commit phase timeout."));
        database.agenda().later(COMMIT_TIMEOUT_MILLIS, () -> commit.giveUp(timeout));
    }

    /** Another node than the leader was asked for a change. */
    void forward(EventStoreNode leader, StoreRequest request, EventStoreMessage message, Consumer<StoreRequest> here) {
        if (leader.isReachable()) {
            lead(request, message, here);
        } else if (database.agenda().size() >= MAX_WAITING_COMMITS) {
            request.tooBusy(database.counters());
        } else {
            EventStoreMessage timeout = Objects.requireNonNull(
                    NodeRules.tooLate(message, OperationResult.FORWARD_TIMEOUT, "Forwarding timeout"));
            database.agenda().later(FORWARD_TIMEOUT_MILLIS, () -> request.answer(timeout));
        }
    }
}
