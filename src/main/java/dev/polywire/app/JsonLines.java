package dev.polywire.app;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/** A log of one JSON object a line: {@code {time, level, logger, message}}, and {@code thrown} with the stack trace if there is one. */
final class JsonLines extends Formatter {

    @Override
    public String format(LogRecord event) {
        JsonObject line = new JsonObject()
                .put("time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("level", event.getLevel().getName())
                .put("logger", event.getLoggerName())
                .put("message", formatMessage(event));
        if (event.getThrown() != null) {
            StringWriter trace = new StringWriter();
            event.getThrown().printStackTrace(new PrintWriter(trace, true));
            line.put("thrown", trace.toString());
        }
        return line.encode() + "\n";
    }
}
