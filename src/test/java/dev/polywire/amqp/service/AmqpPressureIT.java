package dev.polywire.amqp.service;

import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link AmqpSmallHeapTest}'s reader that stops, for a while: in one JVM, so that what stays adds up. */
class AmqpPressureIT {

    @Test
    void readersThatStopReadingNeverFillTheHeap() {
        Soak.again(() -> {
            AmqpSmallHeapTest once = new AmqpSmallHeapTest();
            try {
                once.aReaderThatStopsReading();
            } finally {
                once.close();
            }
        });
    }
}
