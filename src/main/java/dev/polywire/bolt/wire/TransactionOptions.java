package dev.polywire.bolt.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a transaction; the last field of RUN and of BEGIN.
 *
 * @param bookmarks it sees the writes of these transactions
 * @param timeoutMillis 0: none; -1: the server's default
 * @param metadata shown in the server's lists and logs
 * @param readOnly a follower may serve it
 * @param database null: the user's home database; from Bolt 4.0 on
 * @param impersonatedUser the user whose rights it has; null: the user of the login; from Bolt 4.4 on
 */
public record TransactionOptions(
        List<String> bookmarks,
        long timeoutMillis,
        Map<String, @Nullable Object> metadata,
        boolean readOnly,
        @Nullable String database,
        @Nullable String impersonatedUser,
        NotificationFilter notifications) {

    /** A write, in the user's home database, with the server's timeout. */
    public static final TransactionOptions DEFAULT = new TransactionOptions(
            List.of(), -1, Collections.emptyMap(), false, null, null, NotificationFilter.DEFAULT);

    private static final String BOOKMARKS = "bookmarks";
    private static final String TIMEOUT = "tx_timeout";
    private static final String METADATA = "tx_metadata";
    private static final String MODE = "mode";

    /** The same with another access mode. */
    public TransactionOptions readOnly(boolean readOnly) {
        return new TransactionOptions(
                bookmarks, timeoutMillis, metadata, readOnly, database, impersonatedUser, notifications);
    }

    /** The same, stopped by the server after {@code timeoutMillis} unless it has a timeout already. */
    public TransactionOptions within(long timeoutMillis) {
        return this.timeoutMillis >= 0
                ? this
                : new TransactionOptions(
                        bookmarks, timeoutMillis, metadata, readOnly, database, impersonatedUser, notifications);
    }

    /** Without mode and timeout: before Bolt 3 the server does not get them, and the client may enforce them. */
    public TransactionOptions untold() {
        return new TransactionOptions(bookmarks, -1, metadata, false, database, impersonatedUser, notifications);
    }

    /** The same, after other transactions. */
    public TransactionOptions after(List<String> bookmarks) {
        return new TransactionOptions(
                bookmarks, timeoutMillis, metadata, readOnly, database, impersonatedUser, notifications);
    }

    /** The same on a connection that has a filter of notifications, too. */
    public TransactionOptions on(NotificationFilter connection) {
        return connection.equals(NotificationFilter.DEFAULT)
                ? this
                : new TransactionOptions(
                        bookmarks,
                        timeoutMillis,
                        metadata,
                        readOnly,
                        database,
                        impersonatedUser,
                        notifications.within(connection));
    }

    /** Only the database and the user: the options of ROUTE. */
    public static TransactionOptions where(@Nullable String database, @Nullable String impersonatedUser) {
        return new TransactionOptions(
                List.of(), -1, Collections.emptyMap(), false, database, impersonatedUser, NotificationFilter.DEFAULT);
    }

    static TransactionOptions read(Map<String, @Nullable Object> fields) {
        Extras extra = new Extras(fields);
        List<String> bookmarks = extra.texts(BOOKMARKS);
        String mode = extra.text(MODE);
        if (mode != null && !mode.equals("r") && !mode.equals("w")) {
            throw PackStreamReader.bad("mode: another text (expected: r or w)");
        }
        return new TransactionOptions(
                bookmarks == null ? List.of() : bookmarks,
                extra.integer(TIMEOUT, -1),
                extra.map(METADATA),
                "r".equals(mode),
                extra.text(ExtraField.DATABASE.key),
                extra.text(ExtraField.IMPERSONATED_USER.key),
                NotificationFilter.read(extra));
    }

    /** @throws dev.polywire.core.wire.ProtocolException DECODE when the version has no field for database or user */
    Map<String, @Nullable Object> fields(BoltVersion version) {
        if (equals(DEFAULT)) {
            return Collections.emptyMap();
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (readOnly) {
            fields.put(MODE, "r");
        }
        if (database != null) {
            fields.put(ExtraField.DATABASE.require(version).key, database);
        }
        if (impersonatedUser != null) {
            fields.put(ExtraField.IMPERSONATED_USER.require(version).key, impersonatedUser);
        }
        if (!bookmarks.isEmpty()) {
            fields.put(BOOKMARKS, bookmarks);
        }
        if (!metadata.isEmpty()) {
            fields.put(METADATA, metadata);
        }
        if (timeoutMillis >= 0) {
            fields.put(TIMEOUT, timeoutMillis);
        }
        fields.putAll(notifications.fields(version));
        return fields;
    }
}
