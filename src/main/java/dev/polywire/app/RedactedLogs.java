package dev.polywire.app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hides secrets in all log records, of Polywire and of libraries, including stack traces and messages of servers. */
final class RedactedLogs {

    private final List<Configuration> configurations = new CopyOnWriteArrayList<>();

    private RedactedLogs() {}

    /** Wraps the formatter of each handler that is configured now. */
    static RedactedLogs install() {
        RedactedLogs logs = new RedactedLogs();
        LogManager.getLogManager().getLoggerNames().asIterator().forEachRemaining(name -> {
            Logger logger = LogManager.getLogManager().getLogger(name);
            for (Handler handler : logger == null ? new Handler[0] : logger.getHandlers()) {
                handler.setFormatter(logs.before(handler.getFormatter()));
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

    String redact(String text) {
        String shown = text;
        for (Configuration each : configurations) {
            shown = each.redact(shown);
        }
        return shown;
    }

    private Formatter before(Formatter formatter) {
        return new Formatter() {
            @Override
            public String format(LogRecord event) {
                return redact(formatter.format(event));
            }

            @Override
            public String getHead(Handler handler) {
                return formatter.getHead(handler);
            }

            @Override
            public String getTail(Handler handler) {
                return formatter.getTail(handler);
            }
        };
    }
}
