package dev.polywire.amqp.session;

import dev.polywire.core.net.CallException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Publishes that wait to be sent again, before all others and in order. A broker that ends the connection over a message does
 * not name it. So those that were lost twice go first and one at a time, with nothing beside them: of these only the one that
 * the broker cannot take is lost a third time, and that ends it.
 */
final class Resendings {

    /** Of one publish, in flight: it fails with the last. */
    private static final int MAX_LOSSES = 3;

    private final TreeMap<Long, Publishing> several = new TreeMap<>();
    /** Each is sent alone. */
    private final TreeMap<Long, Publishing> single = new TreeMap<>();

    private @Nullable Publishing alone;

    /** @param lost why its last sending has no outcome, or had no effect */
    void add(Publishing one, CallException lost) {
        one.again(lost);
        if (lost.isUnknown()) {
            one.lostAgain();
        }
        of(one).put(one.number, one);
    }

    /** Whether a further loss of this one in flight is its last. */
    static boolean isLastTry(Publishing one) {
        return one.losses() == MAX_LOSSES - 1;
    }

    /** @return false: it does not wait */
    boolean remove(Publishing one) {
        return of(one).remove(one.number) != null;
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        return several.size() + single.size();
    }

    /** Takes the first. */
    Publishing next() {
        return (single.isEmpty() ? several : single).pollFirstEntry().getValue();
    }

    void sending(Publishing one) {
        if (isLastTry(one)) {
            alone = one;
        }
    }

    /** It has an outcome, or nobody waits for it any more. @return whether it was sent alone */
    boolean over(Publishing one) {
        boolean was = alone == one;
        if (was) {
            alone = null;
        }
        return was;
    }

    /** Whether one is in flight beside which nothing may be sent. */
    boolean isSendingAlone() {
        return alone != null;
    }

    private TreeMap<Long, Publishing> of(Publishing one) {
        return isLastTry(one) ? single : several;
    }
}
