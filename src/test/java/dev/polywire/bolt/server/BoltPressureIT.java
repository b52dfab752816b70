package dev.polywire.bolt.server;

import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link ServedMemoryTest}'s unfinished messages, for a while: in one JVM, so that what stays adds up. */
class BoltPressureIT {

    @Test
    void manyUnfinishedMessagesNeverFillTheHeap() {
        Soak.again(() -> SmallJvm.run(ServedMemoryTest.UnfinishedMessages.class).requireClean());
    }
}
