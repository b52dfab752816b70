package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.TreeSet;

/** The open results of a server's transaction, or of its one query, by number. */
final class OpenResults {

    private final TreeSet<Long> open = new TreeSet<>();
    private long next;

    /** The number of the next result. */
    long next() {
        return next;
    }

    /**
     * The same request, with the number of its result.
     *
     * @throws ProtocolException FRAMING when that result is not open
     */
    BoltRequest located(BoltRequest request) {
        if (request instanceof BoltRequest.Pull pull) {
            return new BoltRequest.Pull(pull.n(), located(pull.qid()));
        }
        return request instanceof BoltRequest.Discard discard
                ? new BoltRequest.Discard(discard.n(), located(discard.qid()))
                : request;
    }

    /** A located request has succeeded. */
    void settle(BoltRequest request, boolean hasMore) {
        if (request instanceof BoltRequest.Run) {
            open.add(next++);
        } else if (request instanceof BoltRequest.Pull pull && !hasMore) {
            open.remove(pull.qid());
        } else if (request instanceof BoltRequest.Discard discard && !hasMore) {
            open.remove(discard.qid());
        }
    }

    void clear() {
        open.clear();
        next = 0;
    }

    /** -1 is the last. */
    private long located(long qid) {
        long meant = qid < 0 ? next - 1 : qid;
        if (!open.contains(meant)) {
            throw ProtocolException.framing("qid: " + qid + " (expected: of an open result)");
        }
        return meant;
    }
}
