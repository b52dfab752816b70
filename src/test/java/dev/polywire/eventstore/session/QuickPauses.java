package dev.polywire.eventstore.session;

import dev.polywire.core.net.Backoff;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Clients of tests connect again within milliseconds, however often: what a test waits for is not their patience. */
final class QuickPauses {

    private static final long MOST_MILLIS = 10;

    static final ClientPauses PAUSES = upTo(MOST_MILLIS);

    private QuickPauses() {}

    private static ClientPauses upTo(long mostMillis) {
        Random random = new Random();
        return new ClientPauses(
                () -> new Backoff(by(most -> random.nextLong(Math.min(most, mostMillis)))),
                ClientPauses.DEFAULT.leaderIdleMillis());
    }

    /** @param leaderIdleMillis as {@link ClientPauses} has it */
    static ClientPauses idle(long leaderIdleMillis) {
        return new ClientPauses(PAUSES.backoffs(), leaderIdleMillis);
    }

    /** As long as the back-off may wait at most, each time. */
    static ClientPauses longest() {
        return new ClientPauses(() -> new Backoff(by(most -> most - 1)), ClientPauses.DEFAULT.leaderIdleMillis());
    }

    /** What is chosen of numbers below some bound. */
    private interface Choice {
        long below(long bound);
    }

    private static RandomGenerator by(Choice choice) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("a bound is given");
            }

            @Override
            public long nextLong(long bound) {
                return choice.below(bound);
            }
        };
    }
}
