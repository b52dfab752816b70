package dev.polywire.testing;

import java.io.IOException;

/** MongoDB's driver with reactive streams, which has another BSON library than ours, for a JVM of its own. */
public final class MongoDriver {

    private MongoDriver() {}

    /** Of the driver and of {@code src/test/mongodb-driver}. */
    public static String classPath() throws IOException {
        try {
            return ForeignJars.of("mongodb-driver").compiled();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
