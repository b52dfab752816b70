package dev.polywire.eventstore.session;

import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten thousand appends through cuts, and ten times nobody who listens: for two seconds when {@link Soak} says a minute. The quick tests
 * have fewer.
 */
@Timeout(300)
class EventStoreAppendsSoakIT {

    @Test
    void tenThousandAppendsLeaveTenThousandEvents() {
        EventStoreClientFaultsTest.appends(10_000, 50, 40_000, Integer.parseInt(Soak.seconds()) >= 60 ? 2_000 : 100);
    }
}
