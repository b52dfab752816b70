package dev.polywire.testing;

import java.io.IOException;
import java.nio.file.Path;

/** MongoDB's driver with reactive streams, and Vert.x's client on one, which have other BSON libraries than ours, for JVMs of their own. */
public final class MongoDriver {

    private MongoDriver() {}

    /** Of the driver and of {@code src/test/mongodb-driver}. */
    public static String classPath() throws IOException {
        return compiled("mongodb-driver");
    }

    /** Of Vert.x's client and of {@code src/test/vertx-mongo-client}. @param behind classes that it uses, last in it */
    public static String vertxClassPath(Path behind) throws IOException {
        return compiled("vertx-mongo-client", behind);
    }

    private static String compiled(String name, Path... behind) throws IOException {
        try {
            return ForeignJars.of(name).compiled(behind);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
