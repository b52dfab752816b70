package dev.polywire.bolt.wire;

/**
 * How values are written on a connection. Reading takes every form: their tags and counts of fields tell them apart.
 *
 * @param version what was negotiated
 * @param utcDates date-times count from UTC (I, i), not from local midnight (F, f)
 */
public record ValueDialect(BoltVersion version, boolean utcDates) {

    /** As the version has it when nothing was agreed beside. */
    public static ValueDialect of(BoltVersion version) {
        return new ValueDialect(version, version.hasElementIds());
    }
}
