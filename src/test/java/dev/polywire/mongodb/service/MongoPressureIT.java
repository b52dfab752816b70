package dev.polywire.mongodb.service;

import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Soak;
import org.junit.jupiter.api.Test;

/** {@link MongoMemoryTest}'s large answers, for a while: in one JVM, so that what stays adds up. */
class MongoPressureIT {

    @Test
    void manyLargeAnswersNeverFillTheHeap() {
        Soak.again(() -> SmallJvm.run(MongoMemoryTest.LargeAnswers.class).requireClean());
    }
}
