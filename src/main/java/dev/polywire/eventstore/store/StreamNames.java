package dev.polywire.eventstore.store;

/** What names of streams mean. */
public final class StreamNames {

    /** All streams together: it can be read, not written. */
    public static final String ALL = "$all";

    /** Default access lists, {@code {"$userStreamAcl": {…}, "$systemStreamAcl": {…}}}. */
    static final String SETTINGS = "$settings";

    private static final String METADATA = "$$";

    private StreamNames() {}

    /** Whether only administrators may read and write it, unless it is said otherwise. */
    public static boolean isSystem(String stream) {
        return stream.startsWith("$");
    }

    /** Whether it holds the metadata of another stream. */
    public static boolean isMetadata(String stream) {
        return stream.startsWith(METADATA);
    }

    public static String metadataOf(String stream) {
        return METADATA + stream;
    }

    /** The stream that a metadata stream is about. */
    public static String originalOf(String metadataStream) {
        return metadataStream.substring(METADATA.length());
    }
}
