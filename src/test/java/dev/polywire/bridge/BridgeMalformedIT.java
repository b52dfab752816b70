package dev.polywire.bridge;

import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link BridgeMalformedTest}, for a while. */
class BridgeMalformedIT {

    @Test
    void aHealthyClientNeverNoticesForAWhile() {
        BridgeMalformedTest.assertNobodyNotices(Soak.seconds());
    }
}
