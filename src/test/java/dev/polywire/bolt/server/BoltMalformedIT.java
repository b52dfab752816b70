package dev.polywire.bolt.server;

import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link BoltMalformedTest}, for a while. */
class BoltMalformedIT {

    @Test
    void theOfficialDriverNeverNoticesForAWhile() {
        BoltMalformedTest.assertNobodyNotices(Soak.seconds());
    }
}
