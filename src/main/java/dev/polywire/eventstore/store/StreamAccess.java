package dev.polywire.eventstore.store;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who may do what with a stream: by its metadata, then by the system's settings, then by default. */
public final class StreamAccess {

    /** What somebody may want. */
    public enum Permission {
        READ("$r"),
        WRITE("$w"),
        DELETE("$d"),
        READ_METADATA("$mr"),
        WRITE_METADATA("$mw");

        private final String key;

        Permission(String key) {
            this.key = key;
        }

        /** In an access list. */
        String key() {
            return key;
        }
    }

    private static final String EVERYBODY = "$all";

    private final Function<String, StreamMetadata> metadata;
    private AccessList userStreams = AccessList.NONE;
    private AccessList systemStreams = AccessList.NONE;

    StreamAccess(Function<String, StreamMetadata> metadata) {
        this.metadata = metadata;
    }

    /** @param event the last one of {@link StreamNames#SETTINGS}; without JSON it takes all settings back */
    void settings(StoredEvent event) {
        userStreams = AccessList.NONE;
        systemStreams = AccessList.NONE;
        JsonObject json = StreamMetadata.object(event.contentType(), event.data());
        if (json != null) {
            try {
                AccessList user = list(json, "$userStreamAcl");
                systemStreams = list(json, "$systemStreamAcl");
                userStreams = user;
            } catch (IllegalArgumentException otherJson) {
                systemStreams = AccessList.NONE;
            }
        }
    }

    private static AccessList list(JsonObject json, String key) {
        return json.containsKey(key) ? AccessList.read(json.getValue(key)) : AccessList.NONE;
    }

    /**
     * Whether a user may. Administrators may everything that can be done at all: nobody writes to {@code $all}, deletes metadata,
     * or has metadata of metadata.
     */
    public boolean may(User user, Permission permission, String stream) {
        if (stream.equals(StreamNames.ALL) && (permission == Permission.WRITE || permission == Permission.DELETE)) {
            return false;
        }
        if (!StreamNames.isMetadata(stream)) {
            return user.isAdmin() || isIn(roles(permission, stream), user);
        }
        String original = StreamNames.originalOf(stream);
        if (StreamNames.isMetadata(original)) {
            return false;
        }
        return switch (permission) {
            case READ -> may(user, Permission.READ_METADATA, original);
            case WRITE -> may(user, Permission.WRITE_METADATA, original);
            default -> false;
        };
    }

    private static boolean isIn(Set<String> roles, User user) {
        return roles.contains(EVERYBODY)
                || !user.name().isEmpty() && roles.contains(user.name())
                || user.groups().stream().anyMatch(roles::contains);
    }

    private Set<String> roles(Permission permission, String stream) {
        boolean system = StreamNames.isSystem(stream);
        @Nullable Set<String> own = metadata.apply(stream).access().of(permission);
        @Nullable Set<String> setting = (system ? systemStreams : userStreams).of(permission);
        if (own != null) {
            return own;
        }
        return setting != null ? setting : Set.of(system ? User.ADMINS : EVERYBODY);
    }
}
