package dev.polywire.bolt.server;

import org.junit.jupiter.api.Test;

/** {@link BoltMalformedTest}, for a minute. */
class BoltMalformedIT {

    @Test
    void theOfficialDriverNeverNoticesForAMinute() {
        BoltMalformedTest.assertNobodyNotices("60");
    }
}
