package dev.polywire.bolt.wire;

import java.util.List;

/**
 * A version of the protocol, and its features. Differences between versions are defined here; other classes do not compare.
 *
 * @param major 1 to 255
 * @param minor 0 to 255; versions 1 to 3 have none
 */
public record BoltVersion(int major, int minor) implements Comparable<BoltVersion> {

    public static final BoltVersion V1 = new BoltVersion(1, 0);
    public static final BoltVersion V2 = new BoltVersion(2, 0);
    public static final BoltVersion V3 = new BoltVersion(3, 0);
    public static final BoltVersion V4_0 = new BoltVersion(4, 0);
    public static final BoltVersion V4_1 = new BoltVersion(4, 1);
    public static final BoltVersion V4_2 = new BoltVersion(4, 2);
    public static final BoltVersion V4_3 = new BoltVersion(4, 3);
    public static final BoltVersion V4_4 = new BoltVersion(4, 4);
    public static final BoltVersion V5_0 = new BoltVersion(5, 0);
    public static final BoltVersion V5_1 = new BoltVersion(5, 1);
    public static final BoltVersion V5_2 = new BoltVersion(5, 2);
    public static final BoltVersion V5_3 = new BoltVersion(5, 3);
    public static final BoltVersion V5_4 = new BoltVersion(5, 4);
    public static final BoltVersion V5_6 = new BoltVersion(5, 6);
    public static final BoltVersion V5_7 = new BoltVersion(5, 7);
    public static final BoltVersion V5_8 = new BoltVersion(5, 8);
    public static final BoltVersion V6_0 = new BoltVersion(6, 0);
    public static final BoltVersion V6_1 = new BoltVersion(6, 1);

    /** All implemented versions, oldest first. There is no 5.5: no server ever had it. */
    public static final List<BoltVersion> ALL = List.of(
            V1, V2, V3, V4_0, V4_1, V4_2, V4_3, V4_4, V5_0, V5_1, V5_2, V5_3, V5_4, V5_6, V5_7, V5_8, V6_0, V6_1);

    /** From the four bytes {@code 00 00 minor major}; the first two are ignored. */
    static BoltVersion ofWire(int word) {
        return new BoltVersion(word & 0xff, word >> 8 & 0xff);
    }

    /** {@code 00 00 minor major} */
    int wire() {
        return minor << 8 | major;
    }

    public boolean atLeast(BoltVersion other) {
        return compareTo(other) >= 0;
    }

    /** HELLO instead of INIT; BEGIN, COMMIT, ROLLBACK, GOODBYE; RUN's third field; and no ACK_FAILURE. */
    public boolean hasTransactions() {
        return atLeast(V3);
    }

    /** ACK_FAILURE, which leaves FAILED without a RESET. */
    public boolean hasAckFailure() {
        return !hasTransactions();
    }

    /** PULL and DISCARD with a number of records and a result's id; several results in a transaction. */
    public boolean hasDemand() {
        return atLeast(V4_0);
    }

    /** ROUTE. */
    public boolean hasRoute() {
        return atLeast(V4_3);
    }

    /** ROUTE's last field is a map, not a database name. */
    public boolean hasRouteExtra() {
        return atLeast(V4_4);
    }

    /** {@code patch_bolt}: UTC date-times on request. */
    public boolean hasUtcPatch() {
        return atLeast(V4_3) && !atLeast(V5_0);
    }

    /** Hints in the answer to HELLO. */
    public boolean hasHints() {
        return atLeast(V4_3);
    }

    /** Element ids of nodes and relationships, UTC date-times always. */
    public boolean hasElementIds() {
        return atLeast(V5_0);
    }

    /** LOGON and LOGOFF; HELLO without credentials. */
    public boolean hasLogon() {
        return atLeast(V5_1);
    }

    /** The client filters its notifications. */
    public boolean hasNotificationFilter() {
        return atLeast(V5_2);
    }

    /** HELLO must name the driver in {@code bolt_agent}. */
    public boolean hasBoltAgent() {
        return atLeast(V5_3);
    }

    /** TELEMETRY. */
    public boolean hasTelemetry() {
        return atLeast(V5_4);
    }

    /** Categories of notifications are called classifications. */
    public boolean hasClassifications() {
        return atLeast(V5_6);
    }

    /** FAILURE with a GQL status and causes; the manifest handshake. */
    public boolean hasGqlStatus() {
        return atLeast(V5_7);
    }

    /** UUID, a type of PackStream's second version. */
    public boolean hasUuid() {
        return atLeast(V6_1);
    }

    @Override
    public int compareTo(BoltVersion other) {
        return Integer.compare(major << 8 | minor, other.major << 8 | other.minor);
    }

    /** {@code 5.8}; {@code 3} */
    @Override
    public String toString() {
        return major < 4 ? Integer.toString(major) : major + "." + minor;
    }
}
