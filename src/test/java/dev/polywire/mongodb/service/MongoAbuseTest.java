package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.SmallJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hostile servers cost neither memory nor stack, nor anything of others. */
class MongoAbuseTest {

    @Tag("M38")
    @Test
    void inASmallHeap() {
        String output = SmallJvm.run(MongoAbuse.class).requireClean().output();
        assertTrue(output.contains(" played"), output);
    }
}
