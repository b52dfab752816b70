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

    /** How long what is on its way to its end may take; only a class that fails is waited for so long. */
    static final String PATIENCE = "polywire.leftovers.patienceMillis";

    private static final long PATIENCE_MILLIS = 10_000;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What the fork had when the last class ended, so that none is blamed for another's. */
    private static Set<String> before = Belongings.now();

    /** Before the first class is even loaded. */
    static void begin() {
        before = Belongings.now();
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        boolean outermost =
                test.getParent().flatMap(ExtensionContext::getTestClass).isEmpty();
        if (outermost) {
            long patienceMillis =
                    test.getConfigurationParameter(PATIENCE, Long::parseLong).orElse(PATIENCE_MILLIS);
            test.getStore(NAMESPACE)
                    .put(Leftovers.class, (AutoCloseable) () -> require(test.getRequiredTestClass(), patienceMillis));
        }
    }

    /** Fails if there is something that was not there when the last class ended. */
    private static void require(Class<?> testClass, long patienceMillis) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
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
