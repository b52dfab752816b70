package dev.polywire.amqp.session;

import dev.polywire.core.net.Backoff;
import java.util.ArrayDeque;
import java.util.Random;

/** How often the broker has ended one consumer although its queue exists: three times in a minute is once too often. */
final class Interruptions {

    static final int MOST = 3;
    static final long WITHIN_MILLIS = 60_000;

    private final ArrayDeque<Long> atMillis = new ArrayDeque<>();
    private final Backoff backoff;

    Interruptions(Random random) {
        this.backoff = new Backoff(random);
    }

    /** One more. @return milliseconds to wait before it consumes again; negative: it is not to come back */
    long next(long nowMillis) {
        if (!atMillis.isEmpty()) {
            backoff.stood(nowMillis - atMillis.getLast());
        }
        atMillis.add(nowMillis);
        while (nowMillis - atMillis.getFirst() >= WITHIN_MILLIS) {
            atMillis.remove();
        }
        return atMillis.size() >= MOST ? -1 : backoff.nextMillis();
    }
}
