package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.UserCredentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may log in: the two users of a new server, {@code admin} and {@code ops}, whose password nobody has changed. */
final class UserAccounts {

    private static final byte[] PASSWORD = "changeit".getBytes(StandardCharsets.UTF_8);

    private static final Map<String, User> USERS = Map.of(
            "admin", new User("admin", Set.of(User.ADMINS)),
            "ops", new User("ops", Set.of(User.OPS)));

    private UserAccounts() {}

    /** Null: nobody. Tokens are nobody's: real servers have them checked by somebody else. */
    static @Nullable User of(UserCredentials credentials) {
        return credentials instanceof UserCredentials.Password pair
                        && MessageDigest.isEqual(pair.password().getBytes(StandardCharsets.UTF_8), PASSWORD)
                ? USERS.get(pair.login())
                : null;
    }
}
