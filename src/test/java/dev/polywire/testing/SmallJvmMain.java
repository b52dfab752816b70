package dev.polywire.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Inside {@link SmallJvm}: a line of its input names a program and its arguments, a line of its output says its end. */
final class SmallJvmMain {

    /** Before the exit code, on a line of its own. */
    static final String END = "==end== ";

    private static final int THREW = 1;
    /** Threads of the program are there still, and this JVM ends. */
    static final int GOES_ON = 4;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private SmallJvmMain() {}

    public static void main(String[] none) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            List<String> words = Arrays.asList(order.strip().split(" "));
            int code = run(words.get(0), words.subList(1, words.size()).toArray(String[]::new));
            List<Thread> left = left(before);
            left.forEach(thread -> System.out.println("goes on: " + thread.getName()));
            System.out.println('\n' + END + (code == 0 && !left.isEmpty() ? GOES_ON : code));
            if (!left.isEmpty()) {
                System.exit(GOES_ON);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static int run(String program, String[] arguments) {
        try {
            Method main = Class.forName(program).getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) arguments);
            return 0;
        } catch (InvocationTargetException thrown) {
            thrown.getCause().printStackTrace(System.out);
            return THREW;
        } catch (ReflectiveOperationException bug) {
            throw new IllegalArgumentException(program, bug);
        }
    }

    /** Threads that keep a JVM alive, beside those that were there. */
    private static List<Thread> left(Set<Thread> before) {
        long endNanos = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            List<Thread> left = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !thread.isDaemon() && thread.isAlive() && !before.contains(thread))
                    .toList();
            if (left.isEmpty() || System.nanoTime() > endNanos) {
                return left;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
