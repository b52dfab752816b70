package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.WriteMessage;
import org.jspecify.annotations.Nullable;

/** Which requests depend on a node's role, and what they are told when nobody takes them in time. */
final class NodeRules {

    /** The number in place of one that there is not. */
    private static final int NO_NUMBER = Integer.MIN_VALUE;

    /** Its objects, as the store counts them. */
    private static final int EVENT_BYTES = 100;

    /** What is asked for, as far as roles are concerned. */
    enum Wish {
        /** Any node can do it. */
        ANYWHERE,
        /** A read that only a leader may answer. */
        LEADERS_READ,
        /** A change that only a leader may take. */
        LEADERS_CHANGE,
        /** A change that any node takes, for the leader. */
        CHANGE,
        /** A group of a persistent subscription: only leaders have them. */
        GROUP,
        /** What has become of an event of a group: nodes without groups pass over it. */
        SETTLEMENT
    }

    private NodeRules() {}

    static Wish wish(EventStoreMessage message) {
        if (message instanceof WriteMessage) {
            return requiresLeader(message) ? Wish.LEADERS_CHANGE : Wish.CHANGE;
        }
        if (message instanceof ReadMessage) {
            return requiresLeader(message) ? Wish.LEADERS_READ : Wish.ANYWHERE;
        }
        if (message instanceof PersistentMessage.PersistentSubscriptionAckEvents
                || message instanceof PersistentMessage.PersistentSubscriptionNakEvents) {
            return Wish.SETTLEMENT;
        }
        return message instanceof PersistentMessage ? Wish.GROUP : Wish.ANYWHERE;
    }

    /** The answer to a change when it was neither done nor refused in time. */
    static @Nullable WriteMessage tooLate(EventStoreMessage change, OperationResult result, String words) {
        if (change instanceof WriteMessage.WriteEvents) {
            return new WriteMessage.WriteEventsCompleted(result, words, NO_NUMBER, NO_NUMBER, NO_NUMBER, 0, -1);
        }
        if (change instanceof WriteMessage.DeleteStream) {
            return new WriteMessage.DeleteStreamCompleted(result, words, -1, -1, null);
        }
        if (change instanceof WriteMessage.TransactionStart) {
            return new WriteMessage.TransactionStartCompleted(-1, result, words);
        }
        if (change instanceof WriteMessage.TransactionWrite write) {
            return new WriteMessage.TransactionWriteCompleted(write.transactionId(), result, words);
        }
        if (change instanceof WriteMessage.TransactionCommit commit) {
            return new WriteMessage.TransactionCommitCompleted(
                    commit.transactionId(), result, words, NO_NUMBER, NO_NUMBER, 0, 0);
        }
        return null;
    }

    /** Whether a change is done only when a majority of the nodes has it: a transaction's beginning needs nobody else. */
    static boolean needsMajority(EventStoreMessage change) {
        return change instanceof WriteMessage.WriteEvents
                || change instanceof WriteMessage.DeleteStream
                || change instanceof WriteMessage.TransactionCommit;
    }

    /** About what a change that needs a majority takes while it waits, its record and answers aside. */
    static long contentBytes(EventStoreMessage change) {
        if (change instanceof WriteMessage.WriteEvents write) {
            long bytes = write.eventStreamId().length();
            for (NewEvent event : write.events()) {
                bytes += event.eventType().length()
                        + event.data().length()
                        + (event.metadata() == null ? 0 : event.metadata().length())
                        + EVENT_BYTES;
            }
            return bytes;
        }
        return change instanceof WriteMessage.DeleteStream delete
                ? delete.eventStreamId().length()
                : 0;
    }

    private static boolean requiresLeader(EventStoreMessage message) {
        if (message instanceof WriteMessage.WriteEvents write) {
            return write.requireLeader();
        }
        if (message instanceof WriteMessage.DeleteStream delete) {
            return delete.requireLeader();
        }
        if (message instanceof WriteMessage.TransactionStart start) {
            return start.requireLeader();
        }
        if (message instanceof WriteMessage.TransactionWrite write) {
            return write.requireLeader();
        }
        if (message instanceof WriteMessage.TransactionCommit commit) {
            return commit.requireLeader();
        }
        if (message instanceof ReadMessage.ReadEvent read) {
            return read.requireLeader();
        }
        if (message instanceof ReadMessage.ReadStreamEvents read) {
            return read.requireLeader();
        }
        if (message instanceof ReadMessage.ReadAllEvents read) {
            return read.requireLeader();
        }
        return message instanceof ReadMessage.FilteredReadAllEvents read && read.requireLeader();
    }
}
