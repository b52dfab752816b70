package dev.polywire.core.net;

import dev.polywire.core.wire.ProtocolException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that were sent on one connection and wait for an answer with their id, oldest first. A call whose caller has
 * given up stays until its answer arrives, so that no other call gets this answer; an answer with an unknown id means that
 * the stream cannot be trusted.
 *
 * @param <K> the protocol's id of a call
 * @param <C> a call; while it is here it holds nothing large
 */
public final class PendingCalls<K, C extends Call<?>> {

    /** Outstanding answers to callers that gave up: beyond this the peer counts as dead. */
    public static final int MAX_GIVEN_UP = 256;

    private final Map<K, C> calls = new LinkedHashMap<>();
    private int givenUp;
    private long lateAnswers;

    /** @throws IllegalStateException when an answer with this id is outstanding: it would reach the wrong caller */
    public void put(K id, C call) {
        if (calls.putIfAbsent(id, call) != null) {
            throw new IllegalStateException("id " + id + " is in use");
        }
    }

    /**
     * The call that an answer belongs to; it is removed.
     *
     * @return the call; it may be over, since its caller has given up; counted in {@link #lateAnswers}
     * @throws ProtocolException FRAMING when no call had this id
     */
    public C answered(K id) {
        C call = calls.remove(id);
        if (call == null) {
            throw ProtocolException.framing("answer to " + id + " (expected: the id of a request in flight)");
        }
        if (call.isOver()) {
            givenUp--;
            lateAnswers++;
        }
        return call;
    }

    /**
     * The caller no longer waits; the answer may still arrive.
     *
     * @param call one of these calls
     * @return false when so many answers are outstanding that the connection should be closed
     */
    public boolean expired(C call) {
        if (!call.isOver()) {
            call.expired();
            givenUp++;
        }
        return givenUp <= MAX_GIVEN_UP;
    }

    /** Answers that are due, those to callers that have given up too. */
    public int size() {
        return calls.size();
    }

    /** The call whose answer has been due for longest; null: none is. */
    public @Nullable C oldest() {
        return calls.isEmpty() ? null : calls.values().iterator().next();
    }

    /** Calls whose callers still wait. */
    public int waiting() {
        return calls.size() - givenUp;
    }

    /** Answers that came after their callers had given up. */
    public long lateAnswers() {
        return lateAnswers;
    }

    /** Removes all calls. @return the calls, oldest first */
    public List<C> drain() {
        List<C> left = List.copyOf(calls.values());
        calls.clear();
        givenUp = 0;
        return left;
    }
}
