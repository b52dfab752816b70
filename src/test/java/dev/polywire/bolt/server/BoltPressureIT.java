package dev.polywire.bolt.server;

import dev.polywire.testing.SmallJvm;
import org.junit.jupiter.api.Test;

/** {@link ServedMemoryTest}'s unfinished messages, for a while: in one JVM, where nothing stays. */
class BoltPressureIT {

    @Test
    void manyUnfinishedMessagesNeverFillTheHeap() {
        SmallJvm.soak(
                () -> SmallJvm.run(ServedMemoryTest.UnfinishedMessages.class).requireClean());
    }
}
