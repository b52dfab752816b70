package dev.polywire.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Hides secrets in all log records, of Polywire and of libraries, including stack traces and messages of servers, and in
 * what the program prints. Nobody who logs or prints waits for a reader, see {@link LogQueue}.
 */
final class RedactedLogs {

    /** How long an end waits for a reader of what is queued. */
    static final long FLUSH_MILLIS = 2_000;

    private final List<Configuration> configurations = new CopyOnWriteArrayList<>();
    private final List<QueuedHandler> handlers = new ArrayList<>();
    private final LogQueue prints =
            new LogQueue("polywire-print", dropped -> () -> System.err.println("dropped " + dropped + " lines"));

    private RedactedLogs() {}

    /** Stands in place of each handler that is configured now. */
    static RedactedLogs install() {
        RedactedLogs logs = new RedactedLogs();
        LogManager.getLogManager().getLoggerNames().asIterator().forEachRemaining(name -> {
            Logger logger = LogManager.getLogManager().getLogger(name);
            for (Handler handler : logger == null ? new Handler[0] : logger.getHandlers()) {
                QueuedHandler queued = new QueuedHandler(handler, logs::redact);
                logger.removeHandler(handler);
                logger.addHandler(queued);
                logs.handlers.add(queued);
            }
        });
        return logs;
    }

    /** Hides its secrets from now on; also those of the configuration before it, whose connectors may still be leaving. */
    void hide(Configuration configuration) {
        while (configurations.size() > 1) {
            configurations.remove(0);
        }
        configurations.add(configuration);
    }

    /** Prints a line to standard output. */
    void out(String line) {
        String shown = redact(line);
        prints.add(() -> System.out.println(shown), shown.length() * Character.BYTES);
    }

    /** Prints a line to standard error. */
    void err(String line) {
        String shown = redact(line);
        prints.add(() -> System.err.println(shown), shown.length() * Character.BYTES);
    }

    /** Waits until all that was logged and printed is written, for 2 s at most. */
    void flush() {
        long fromNanos = System.nanoTime();
        prints.flush(FLUSH_MILLIS);
        for (QueuedHandler each : handlers) {
            each.flush(FLUSH_MILLIS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNanos));
        }
    }

    String redact(String text) {
        String shown = text;
        for (Configuration each : configurations) {
            shown = each.redact(shown);
        }
        return shown;
    }
}
