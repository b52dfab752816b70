package dev.polywire.mongodb.service;

import dev.polywire.testing.SmallJvm;
import org.junit.jupiter.api.Test;

/** {@link MongoMemoryTest}'s large answers, for a while: in one JVM, where nothing stays. */
class MongoPressureIT {

    @Test
    void manyLargeAnswersNeverFillTheHeap() {
        SmallJvm.soak(() -> SmallJvm.run(MongoMemoryTest.LargeAnswers.class).requireClean());
    }
}
