package dev.polywire.bolt.server;

/** What has become of a query that succeeded, as a GQL status, from Bolt 5.6 on. */
enum QueryOutcome {
    ROWS("00000", "note: successful completion"),
    /** No columns; or EXPLAIN, which runs nothing. */
    OMITTED("00001", "note: successful completion - omitted result"),
    NO_ROWS("02000", "note: no data"),
    /** None was read, and those that there may have been are discarded. */
    DISCARDED("02N42", "note: no data - unknown subcondition");

    final String gqlStatus;
    final String description;

    QueryOutcome(String gqlStatus, String description) {
        this.gqlStatus = gqlStatus;
        this.description = description;
    }
}
