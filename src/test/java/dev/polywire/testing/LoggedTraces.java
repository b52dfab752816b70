package dev.polywire.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/** Everything that is logged while it is open, and is not printed: the test expects it, or says itself what it saw. */
public final class LoggedTraces extends Handler implements AutoCloseable {

    private final Logger root = Logger.getLogger("");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private final Handler[] printing = root.getHandlers();

    public LoggedTraces() {
        for (Handler each : printing) {
            root.removeHandler(each);
        }
        root.addHandler(this);
    }

    /** Records that carry an exception, as text. */
    public List<String> traces() {
        return records.stream()
                .filter(each -> each.getThrown() != null)
                .map(each -> each.getLoggerName() + ": " + each.getThrown())
                .toList();
    }

    /** All of it, as it would be printed. */
    public String text() {
        return textWithout("");
    }

    /** The same without the records whose exception says this; empty: without none. */
    public String textWithout(String said) {
        SimpleFormatter format = new SimpleFormatter();
        return records.stream()
                .filter(each -> said.isEmpty()
                        || each.getThrown() == null
                        || !said.equals(each.getThrown().getMessage()))
                .map(format::format)
                .collect(Collectors.joining());
    }

    /** What was logged as an error, as text. */
    public List<String> errors() {
        return records.stream()
                .filter(each -> each.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(each -> each.getLoggerName() + ": " + each.getMessage())
                .toList();
    }

    @Override
    public void publish(LogRecord log) {
        records.add(log);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
        for (Handler each : printing) {
            root.addHandler(each);
        }
    }
}
