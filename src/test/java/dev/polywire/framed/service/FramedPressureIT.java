package dev.polywire.framed.service;

import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link FramedStrangersTest}, for a while. */
class FramedPressureIT {

    @Test
    void whatNobodyReadsStaysInTheKernelForAWhile() {
        SmallJvm.run(FramedStrangersTest.Program.class, Soak.seconds()).requireClean();
    }
}
