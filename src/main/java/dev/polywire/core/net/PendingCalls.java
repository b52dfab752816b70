package dev.polywire.core.net;

import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that were sent on one connection and wait for an answer with their id, oldest first. An id whose caller has
 * given up is remembered until its answer comes, so that the answer goes to nobody else; an answer to an id that was
 * never asked means that the stream cannot be trusted.
 *
 * @param <K> the protocol's id of a call
 * @param <C> a call
 */
public final class PendingCalls<K, C> {

    /** Answers outstanding to callers who gave up: beyond this the peer is taken for dead. */
    public static final int MAX_GIVEN_UP = 256;

    private final Map<K, @Nullable C> calls = new LinkedHashMap<>();
    private int givenUp;
    private long lateAnswers;

    /** @throws IllegalStateException when an answer with this id is still to come: it would go to the wrong caller */
    public void put(K id, C call) {
        if (calls.containsKey(id)) {
            throw new IllegalStateException("id " + id + " is in use");
        }
        calls.put(id, call);
    }

    /**
     * The call that an answer belongs to, which waits no more.
     *
     * @return null when its caller has given up; counted in {@link #lateAnswers}
     * @throws ProtocolException FRAMING when nobody ever asked
     */
    public @Nullable C answered(K id) {
        if (!calls.containsKey(id)) {
            throw ProtocolException.framing("answer to " + id + " (expected: the id of a request in flight)");
        }
        C call = calls.remove(id);
        if (call == null) {
            givenUp--;
            lateAnswers++;
        }
        return call;
    }

    /**
     * The caller of {@code id} waits no more; its answer may still come.
     *
     * @return false when so many answers are missing that the connection should be closed
     */
    public boolean giveUp(K id) {
        if (calls.replace(id, null) != null) {
            givenUp++;
        }
        return givenUp <= MAX_GIVEN_UP;
    }

    /** Calls whose callers wait. */
    public int waiting() {
        return calls.size() - givenUp;
    }

    /** Answers that came after their callers had given up. */
    public long lateAnswers() {
        return lateAnswers;
    }

    /** Forgets everything. @return the calls whose callers wait, oldest first */
    public List<C> drain() {
        List<C> left = new ArrayList<>();
        for (C call : calls.values()) {
            if (call != null) {
                left.add(call);
            }
        }
        calls.clear();
        givenUp = 0;
        return left;
    }
}
