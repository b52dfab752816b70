package dev.polywire.testing.leftovers;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that ends and leaves a port, a child process or a file below the working directory, by name. It is
 * registered for all classes (META-INF/services) and closes behind all that they and their extensions close.
 *
 * <p>Each fork has a working directory of its own and runs one class at a time, so that what is new is the class's.
 */
public final class Leftovers implements BeforeAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Leftovers.class);

    /** What is on its way to its end may take its time on a busy machine; reached only by a class that fails. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What the fork had when the last class ended, so that none is blamed for another's. */
    private static Set<String> before = Belongings.now();

    /** Before the first class is even loaded. */
    static void begin() {
        before = Belongings.now();
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        if (test.getRequiredTestClass().getEnclosingClass() == null) {
            test.getStore(NAMESPACE)
                    .put(Leftovers.class, (AutoCloseable) () -> require(test.getRequiredTestClass(), PATIENCE_NANOS));
        }
    }

    /** Fails if there is something that was not there when the last class ended. */
    static void require(Class<?> testClass, long patienceNanos) {
        long endNanos = System.nanoTime() + patienceNanos;
        Set<String> left = added();
        while (!left.isEmpty() && System.nanoTime() < endNanos) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            left = added();
        }
        before = Belongings.now();
        Threads.after(testClass);
        if (!left.isEmpty()) {
            throw new AssertionError(testClass.getName() + " left behind: " + String.join(", ", left));
        }
    }

    private static Set<String> added() {
        Set<String> now = new TreeSet<>(Belongings.now());
        now.removeAll(before);
        return now;
    }
}
