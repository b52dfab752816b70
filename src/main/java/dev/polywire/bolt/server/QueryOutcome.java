package dev.polywire.bolt.server;

import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has become of a query that succeeded, as a GQL status, from Bolt 5.6 on. */
enum QueryOutcome {
    ROWS("00000", "note: successful completion"),
    /** No columns; or EXPLAIN, which runs nothing. */
    OMITTED("00001", "note: successful completion - omitted result"),
    NO_ROWS("02000", "note: no data"),
    /** None was read, and those that there may have been are discarded. */
    DISCARDED("02N42", "note: no data - unknown subcondition");

    /** Among the statuses of the summary; each query has one. */
    final Map<String, @Nullable Object> status;

    QueryOutcome(String gqlStatus, String description) {
        this.status = Collections.unmodifiableMap(ServerNotification.status(gqlStatus, description));
    }
}
