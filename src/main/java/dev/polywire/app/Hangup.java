package dev.polywire.app;

import dev.polywire.app.cli.ExitCode;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * SIGHUP. To a program that runs by itself it says that its configuration has changed. To one in a terminal it also says that the
 * terminal is gone, and then nobody reads what it prints: it ends, as it would without us. After {@code nohup} the JVM never hears it.
 */
final class Hangup {

    private static final String TERMINAL = "/dev/tty";

    private Hangup() {}

    /** From now on. @param reload runs for each signal that does not end the process, on a thread of the JVM */
    static void reloads(Runnable reload) {
        boolean inTerminal = hasTerminal();
        try {
            // Named in full: Javadoc fails over the import of what is not public.
            sun.misc.Signal.handle(new sun.misc.Signal("HUP"), signal -> {
                if (inTerminal && !hasTerminal()) {
                    System.exit(ExitCode.HUNG_UP);
                }
                reload.run();
            });
        } catch (IllegalArgumentException unknown) {
            // Windows has no such signal.
        }
    }

    private static boolean hasTerminal() {
        try (FileInputStream terminal = new FileInputStream(TERMINAL)) {
            return terminal.getFD().valid();
        } catch (IOException none) {
            return false;
        }
    }
}
