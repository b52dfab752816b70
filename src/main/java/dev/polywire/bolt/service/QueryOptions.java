package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.NotificationFilter;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a caller's query; read strictly.
 *
 * @param work the options of its transaction
 * @param retry whether it is repeated after a failure that may be temporary
 * @param form of a stream
 * @param summary whether a stream ends with the server's summary
 */
record QueryOptions(TransactionOptions work, boolean retry, StreamForm form, boolean summary) {

    private enum Mode {
        WRITE,
        READ
    }

    /** The action, which determines the options. */
    enum Of {
        RUN,
        OPEN,
        BEGIN,
        /** A stream within a transaction. */
        OPEN_WITHIN,
        ROUTE
    }

    private static final String PATH = "options";
    private static final long MAX_TIMEOUT_MILLIS = 86_400_000;

    static QueryOptions read(Of action, @Nullable JsonObject options) {
        Fields json = Fields.at(PATH, options);
        TransactionOptions work = switch (action) {
            case OPEN_WITHIN -> TransactionOptions.DEFAULT;
            case ROUTE -> where(json);
            default -> work(json);
        };
        boolean stream = action == Of.OPEN || action == Of.OPEN_WITHIN;
        QueryOptions read = new QueryOptions(
                work,
                action == Of.RUN && json.flag("retry", false),
                stream ? json.oneOf("form", StreamForm.class, StreamForm.JSON) : StreamForm.JSON,
                stream && json.flag("summary", false));
        json.done();
        return read;
    }

    private static TransactionOptions work(Fields json) {
        TransactionOptions where = where(json);
        Long timeoutMillis = json.int64OrNull("timeoutMillis", 0, MAX_TIMEOUT_MILLIS);
        return new TransactionOptions(
                where.bookmarks(),
                timeoutMillis == null ? -1 : timeoutMillis,
                TypedJson.parameters(PATH + ".metadata", json.objectOrNull("metadata")),
                json.oneOf("mode", Mode.class, Mode.WRITE) == Mode.READ,
                where.database(),
                where.impersonatedUser(),
                json.has("notifications") ? notifications(json.object("notifications")) : NotificationFilter.DEFAULT);
    }

    private static TransactionOptions where(Fields json) {
        return new TransactionOptions(
                json.texts("bookmarks"),
                -1,
                TransactionOptions.DEFAULT.metadata(),
                false,
                json.textOrNull("database"),
                json.textOrNull("impersonatedUser"),
                NotificationFilter.DEFAULT);
    }

    /** {@code {minimumSeverity, disabled}} */
    static NotificationFilter notifications(Fields json) {
        List<String> disabled = json.has("disabled") ? json.texts("disabled") : null;
        NotificationFilter filter = new NotificationFilter(json.textOrNull("minimumSeverity"), disabled);
        json.done();
        return filter;
    }
}
