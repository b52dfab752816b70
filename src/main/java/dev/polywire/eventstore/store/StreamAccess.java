package dev.polywire.eventstore.store;

/** Who may do what with a stream: by its metadata, then by the system's settings, then by default. */
public final class StreamAccess {

    /** What somebody may want. */
    public enum Permission {
        READ,
        WRITE,
        DELETE,
        READ_METADATA,
        WRITE_METADATA
    }

    StreamAccess(StreamStore store) {}

    /** Whether a user may; administrators may everything. */
    public boolean may(User user, Permission permission, String stream) {
        return user.isAdmin() || !stream.startsWith("$");
    }
}
