package dev.polywire.eventstore.session;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand appends through cuts; the quick tests have fewer. */
@Timeout(300)
class EventStoreAppendsIT {

    @Test
    void tenThousandAppendsLeaveTenThousandEvents() {
        EventStoreClientFaultsTest.appends(10_000, 50, 400_000);
    }
}
