package dev.polywire.bolt.wire;

/**
 * The form of values written on a connection. A reader accepts every form: tags and counts of fields distinguish them.
 *
 * @param version the negotiated version
 * @param utcDates date-times count from UTC (I, i), not from local midnight (F, f)
 * @param knownZones a reader refuses a zone that this JVM does not know: on a server, whose handler gets it
 */
public record ValueDialect(BoltVersion version, boolean utcDates, boolean knownZones) {

    /** With zones of any name. */
    public ValueDialect(BoltVersion version, boolean utcDates) {
        this(version, utcDates, false);
    }

    /** The form of the version, without further agreements. */
    public static ValueDialect of(BoltVersion version) {
        return new ValueDialect(version, version.hasElementIds());
    }

    /** The same for the values of requests. */
    ValueDialect ofRequests() {
        return new ValueDialect(version, utcDates, true);
    }
}
