package dev.polywire.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** One line on a terminal with the progress of a long stream. It shows nothing during the first second. */
final class Progress {

    private static final long QUIET_MILLIS = 1_000;
    private static final long EACH_MILLIS = 200;
    /** Moves to the start of the line, and clears it. */
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final LongSupplier clockMillis;
    private final long startMillis;
    private long shownMillis;
    private boolean shown;

    /** @param clockMillis monotonic, of any origin */
    Progress(PrintWriter terminal, LongSupplier clockMillis) {
        this.terminal = terminal;
        this.clockMillis = clockMillis;
        this.startMillis = clockMillis.getAsLong();
        this.shownMillis = startMillis + QUIET_MILLIS - EACH_MILLIS;
    }

    void show(long items) {
        long now = clockMillis.getAsLong();
        if (now - shownMillis >= EACH_MILLIS) {
            long seconds = (now - startMillis) / 1_000;
            terminal.print(ERASE + items + " items, " + seconds + " s, " + items * 1_000 / (now - startMillis) + "/s");
            terminal.flush();
            shownMillis = now;
            shown = true;
        }
    }

    /** Clears the line for other output. */
    void clear() {
        if (shown) {
            terminal.print(ERASE);
            terminal.flush();
            shown = false;
        }
    }

    /** Whether standard error is a terminal. The JDK only reports it for input and output together. */
    static boolean isTerminal() {
        try {
            return new ProcessBuilder("test", "-t", "2")
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
