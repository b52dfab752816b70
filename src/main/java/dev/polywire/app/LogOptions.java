package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The log of the program: {@code {level, format}}. With a {@code java.util.logging.config.file} that file decides instead.
 *
 * @param level error, warning, info, debug or trace; default info. What libraries log below info is not shown
 * @param json one JSON object a line, {@code {time, level, logger, message, thrown}}; default: text
 */
record LogOptions(String level, boolean json) {

    static final LogOptions USUAL = new LogOptions("info", false);

    private static final Map<String, Level> LEVELS = Map.of(
            "error", Level.SEVERE,
            "warning", Level.WARNING,
            "info", Level.INFO,
            "debug", Level.FINE,
            "trace", Level.FINER);

    /** The words, from the fewest lines to the most. */
    static final List<String> WORDS = List.of("error", "warning", "info", "debug", "trace");

    /** Referenced, to keep their levels: unreferenced loggers are collected. */
    private static final Logger OURS = Logger.getLogger("dev.polywire");

    private static final Logger ALL = Logger.getLogger("");

    /** Reads the whole object. */
    static LogOptions fromJson(Fields json) {
        String level = json.word("level", USUAL.level, WORDS);
        String format = json.word("format", "text", List.of("text", "json"));
        json.done();
        return new LogOptions(level, format.equals("json"));
    }

    /** Whether the user has given a file that decides on all logs. */
    static boolean areConfiguredElsewhere() {
        return System.getProperty("java.util.logging.config.file") != null;
    }

    /** The same with another level, if there is one. @throws FieldException when it is none */
    LogOptions at(@Nullable String other) {
        if (other != null && !LEVELS.containsKey(other.toLowerCase(Locale.ROOT))) {
            throw new FieldException("--log-level", other + " (expected: one of " + WORDS + ")");
        }
        return other == null ? this : new LogOptions(other.toLowerCase(Locale.ROOT), json);
    }

    /** From now on; the format only before the handlers are replaced. */
    void apply() {
        if (areConfiguredElsewhere()) {
            return;
        }
        Level wanted = LEVELS.getOrDefault(level, Level.INFO);
        OURS.setLevel(wanted);
        ALL.setLevel(wanted.intValue() > Level.INFO.intValue() ? wanted : Level.INFO);
        Formatter formatter = json ? new JsonLines() : null;
        for (Handler handler : ALL.getHandlers()) {
            handler.setLevel(Level.ALL);
            if (formatter != null && !(handler instanceof QueuedHandler)) {
                handler.setFormatter(formatter);
            }
        }
    }
}
