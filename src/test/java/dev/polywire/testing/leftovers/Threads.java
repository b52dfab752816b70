package dev.polywire.testing.leftovers;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails a fork that ends with threads which nobody stopped, and says behind which test class each was first seen. A class
 * that ends is not judged by its threads: many end a moment later, and by themselves.
 */
public final class Threads implements LauncherSessionListener {

    private static final long PATIENCE_MILLIS = 10_000;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Netty has one in each JVM, which ends a second after its last task. */
    private static final String NETTYS = "globalEventExecutor";

    /** Threads of the tests that would not keep a JVM alive, by the beginning of their names. Those of libraries are theirs. */
    private static final Set<String> OURS = Set.of("gate", "relay", "polywire");

    private static final Map<Thread, String> FIRST_SEEN = new ConcurrentHashMap<>();
    private static Set<Thread> before = Set.of();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        before = Thread.getAllStackTraces().keySet();
        Leftovers.begin();
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        Shared.stopAll();
        require(PATIENCE_MILLIS);
    }

    /** Remembers which threads are there when a class has ended. */
    static void after(Class<?> testClass) {
        FIRST_SEEN.keySet().removeIf(thread -> !thread.isAlive());
        lasting().forEach(thread -> FIRST_SEEN.putIfAbsent(thread, testClass.getName()));
    }

    static void require(long patienceMillis) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        List<Thread> left = lasting();
        while (!left.isEmpty() && System.nanoTime() < endNanos) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            left = lasting();
        }
        if (!left.isEmpty()) {
            throw new AssertionError(left.stream()
                    .map(thread -> thread.getName() + " behind " + FIRST_SEEN.getOrDefault(thread, "the last class"))
                    .sorted()
                    .collect(Collectors.joining("\n  ", "threads that nobody stopped:\n  ", "")));
        }
    }

    private static List<Thread> lasting() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .filter(thread -> !thread.isDaemon() || OURS.stream().anyMatch(thread.getName()::startsWith))
                .filter(thread -> !thread.getName().startsWith(NETTYS))
                .toList();
    }
}
