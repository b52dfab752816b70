package dev.polywire.bolt.wire;

/**
 * The form of values written on a connection. A reader accepts every form: tags and counts of fields distinguish them.
 *
 * @param version the negotiated version
 * @param utcDates date-times count from UTC (I, i), not from local midnight (F, f)
 */
public record ValueDialect(BoltVersion version, boolean utcDates) {

    /** The form of the version, without further agreements. */
    public static ValueDialect of(BoltVersion version) {
        return new ValueDialect(version, version.hasElementIds());
    }
}
