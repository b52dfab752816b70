package dev.polywire.app.cli;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * Prints results to standard output, and all else to standard error. For people by default; with {@code --json} each
 * line is one JSON value. Untrusted text never reaches a terminal unchanged: it stays JSON, with control characters
 * escaped.
 */
final class ConsoleOutput {

    /** Characters that JSON does not escape, and that a terminal interprets. */
    private static final Pattern CONTROL = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029]");

    @Option(names = "--json", description = "print JSON, one value a line")
    private boolean json;

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    /** The answer of a call. */
    void answer(@Nullable Object body) {
        boolean readable = !json && (body instanceof JsonObject || body instanceof JsonArray);
        line(readable ? Json.encodePrettily(body) : Json.encode(body));
    }

    boolean isJson() {
        return json;
    }

    /** Lines for people. @param text made of {@link #plain} parts */
    void text(String text) {
        text.lines().forEach(this::line);
    }

    /** One item of a stream. */
    void item(@Nullable Object item) {
        line(Json.encode(item));
    }

    /** A published message, and the time it arrived. */
    void message(@Nullable Object body, LocalTime now) {
        if (json) {
            line(Json.encode(body));
        } else {
            line(now.truncatedTo(ChronoUnit.SECONDS) + " "
                    + (body instanceof JsonObject event && event.getValue("state") instanceof String
                            ? state(event)
                            : Json.encode(body)));
        }
    }

    /** A message for people. */
    void remark(String text) {
        if (!json) {
            err().println(text);
            err().flush();
        }
    }

    /** Whether the reader of the output has closed it. */
    boolean isClosed() {
        return out().checkError();
    }

    /** Prints the failure of a request. */
    static void failure(PrintWriter err, boolean json, ServiceException failed) {
        JsonObject info = failed.getDebugInfo() == null ? new JsonObject() : failed.getDebugInfo();
        String name = ExitCode.name(failed.failureCode(), info.getValue("name") instanceof String given ? given : null);
        if (json) {
            JsonObject line = new JsonObject()
                    .put("code", failed.failureCode())
                    .put("name", name)
                    .put("message", failed.getMessage());
            err.println(printable(line.mergeIn(info).encode()));
        } else {
            Object detail = info.getValue("detail");
            Object server = info.getValue("server");
            err.println(printable(failed.failureCode() + " " + plain(name) + ": " + plain(failed.getMessage())
                    + (detail == null ? "" : " (" + plain(detail) + ")")
                    + (Boolean.TRUE.equals(info.getValue("retryable")) ? "; may be tried again" : "")
                    + (Boolean.TRUE.equals(info.getValue("mayHaveExecuted")) ? "; may have been executed" : "")));
            if (server != null) {
                err.println(printable("the server said: " + Json.encode(server)));
            }
        }
        err.flush();
    }

    /** Prints a mistake on the command line as JSON. */
    static void mistake(PrintWriter err, String what, String help) {
        err.println(printable(new JsonObject()
                .put("name", "USAGE")
                .put("message", what)
                .put("see", help)
                .encode()));
        err.flush();
    }

    private static String printable(String json) {
        return CONTROL.matcher(json)
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
    }

    /** A string without its quotes, on one line. */
    static String plain(@Nullable Object value) {
        String encoded = Json.encode(value);
        return value instanceof String ? encoded.substring(1, encoded.length() - 1) : encoded;
    }

    /** The common form of a connector's events. */
    private static String state(JsonObject event) {
        Object reason = event.getValue("reason");
        return plain(event.getValue("name")) + " (" + plain(event.getValue("target")) + ") is "
                + plain(event.getValue("state")) + (reason == null ? "" : ": " + plain(reason));
    }

    private void line(String text) {
        out().println(printable(text));
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }

    private PrintWriter err() {
        return commandLine().getErr();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(command).commandLine();
    }
}
