package dev.polywire.bridge;

import org.junit.jupiter.api.Test;

/** {@link BridgeMalformedTest}, for a minute. */
class BridgeMalformedIT {

    @Test
    void aHealthyClientNeverNoticesForAMinute() {
        BridgeMalformedTest.assertNobodyNotices("60");
    }
}
