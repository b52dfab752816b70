package dev.polywire.framed.service;

import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link FramedStrangersTest}, for a while. */
class FramedPressureIT {

    @Test
    void whatNobodyReadsStaysInTheKernelForAWhile() {
        FramedStrangersTest.run(Soak.seconds());
    }

    @Test
    void whoeverReadsGetsMessagesOfAThirdOfTheMemoryForAWhile() {
        FramedStrangersTest.runWithLongMessages(Soak.seconds());
    }
}
