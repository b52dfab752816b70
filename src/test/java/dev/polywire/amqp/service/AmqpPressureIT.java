package dev.polywire.amqp.service;

import dev.polywire.testing.SmallJvm;
import org.junit.jupiter.api.Test;

/** {@link AmqpSmallHeapTest}'s reader that stops, for a while: in one JVM, where nothing stays. */
class AmqpPressureIT {

    @Test
    void readersThatStopReadingNeverFillTheHeap() {
        SmallJvm.soak(() -> {
            AmqpSmallHeapTest once = new AmqpSmallHeapTest();
            try {
                once.aReaderThatStopsReading();
            } finally {
                once.close();
            }
        });
    }
}
