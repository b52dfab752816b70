package dev.polywire.app;

import java.util.function.UnaryOperator;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Stands in place of a configured handler: whoever logs formats the record, which may change or hold much, and goes on; the
 * handler receives the text by a {@link LogQueue}.
 */
final class QueuedHandler extends Handler {

    /** A longer text is cut: a stack trace of 500 lines fits. */
    static final int MAX_CHARACTERS = 64 * 1024;

    /** Of a text in the queue: record, strings, nodes. */
    private static final int RECORD_BYTES = 256;

    private static final String LOGGER = "dev.polywire";

    private final Handler handler;
    private final UnaryOperator<String> redact;
    private final LogQueue queue;

    /** @param redact hides secrets; called by any thread */
    QueuedHandler(Handler handler, UnaryOperator<String> redact) {
        this.handler = handler;
        this.redact = redact;
        Formatter formatter = handler.getFormatter() == null ? new SimpleFormatter() : handler.getFormatter();
        setFormatter(formatter);
        setLevel(handler.getLevel());
        setFilter(handler.getFilter());
        handler.setFormatter(new Formatted(formatter));
        handler.setLevel(Level.ALL);
        handler.setFilter(null);
        queue = new LogQueue("polywire-log", dropped -> () -> handler.publish(loss(dropped)));
    }

    @Override
    public void publish(LogRecord event) {
        if (isLoggable(event)) {
            LogRecord text = text(event, shown(event));
            queue.add(
                    () -> handler.publish(text),
                    RECORD_BYTES + text.getMessage().length() * Character.BYTES);
        }
    }

    /** Waits for 2 s at most. */
    @Override
    public void flush() {
        flush(RedactedLogs.FLUSH_MILLIS);
    }

    boolean flush(long millis) {
        return queue.flush(millis);
    }

    /** A handler that is still writing is left alone: closing it would wait, too. */
    @Override
    public void close() {
        if (queue.close(RedactedLogs.FLUSH_MILLIS)) {
            handler.close();
        }
    }

    /** Cut when its secrets are hidden: half a secret would not be found. */
    private String shown(LogRecord event) {
        String text = redact.apply(formatted(event));
        int more = text.length() - MAX_CHARACTERS;
        return more <= 0
                ? text
                : text.substring(0, MAX_CHARACTERS) + "... (" + more + " characters more)" + System.lineSeparator();
    }

    /** One record at a time: formatters are used to their handler's lock. */
    private synchronized String formatted(LogRecord event) {
        try {
            return getFormatter().format(event);
        } catch (RuntimeException bad) {
            return getFormatter().format(ofOurs("a log record cannot be formatted: " + bad.getClass()));
        }
    }

    private LogRecord loss(long dropped) {
        LogRecord loss = ofOurs("dropped " + dropped + " log records, because the log was full and nobody read it");
        return text(loss, formatted(loss));
    }

    private static LogRecord ofOurs(String message) {
        LogRecord ours = new LogRecord(Level.WARNING, message);
        ours.setLoggerName(LOGGER);
        // Otherwise a formatter looks for the caller, and finds the queue.
        ours.setSourceClassName(null);
        return ours;
    }

    private static LogRecord text(LogRecord event, String text) {
        LogRecord record = new LogRecord(event.getLevel(), text);
        record.setLoggerName(event.getLoggerName());
        record.setInstant(event.getInstant());
        record.setLongThreadID(event.getLongThreadID());
        return record;
    }

    /** Of records that are formatted already. */
    private static final class Formatted extends Formatter {

        private final Formatter formatter;

        Formatted(Formatter formatter) {
            this.formatter = formatter;
        }

        @Override
        public String format(LogRecord text) {
            return text.getMessage();
        }

        @Override
        public String getHead(Handler handler) {
            return formatter.getHead(handler);
        }

        @Override
        public String getTail(Handler handler) {
            return formatter.getTail(handler);
        }
    }
}
