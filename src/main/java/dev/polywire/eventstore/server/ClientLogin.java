package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a client's packages are. One with credentials of its own is its user's; the others are the user's who has
 * authenticated last on the connection, with or without success, or nobody's.
 */
final class ClientLogin {

    private static final String NO_TOKENS = ": this server has no tokens (expected: a login and a password)";

    private final EventStoreNode node;
    /** Null: whoever tried has failed, or has no answer yet. */
    private @Nullable User ours = User.ANONYMOUS;

    ClientLogin(EventStoreNode node) {
        this.node = node;
    }

    /**
     * Takes the credentials of an Authenticate. Since 20.10 others' packages are not authenticated while it has no answer.
     *
     * @param later runs a step when what was received together was read
     * @param answer gets the answer
     */
    void authenticate(
            @Nullable UserCredentials credentials, Consumer<Runnable> later, Consumer<ConnectionMessage> answer) {
        if (credentials == null) {
            answer.accept(new ConnectionMessage.NotAuthenticated("No user credentials provided."));
        } else if (node.database().version().isAtLeast(ServerVersion.V20_10)) {
            ours = null;
            later.accept(() -> answer.accept(decide(credentials)));
        } else {
            answer.accept(decide(credentials));
        }
    }

    private ConnectionMessage decide(UserCredentials credentials) {
        ours = known(credentials);
        return ours == null
                ? new ConnectionMessage.NotAuthenticated(refusal("Unauthorized", credentials))
                : new ConnectionMessage.Authenticated();
    }

    /** Whose package this is; null: it is refused. @param credentials its own, or null */
    @Nullable
    User user(@Nullable UserCredentials credentials) {
        return credentials == null ? ours : known(credentials);
    }

    private @Nullable User known(UserCredentials credentials) {
        return node.knowsUsers() ? UserAccounts.of(credentials) : null;
    }

    /** Why there is no user. */
    static ConnectionMessage.NotAuthenticated refused(@Nullable UserCredentials credentials) {
        return new ConnectionMessage.NotAuthenticated(refusal("Not Authenticated", credentials));
    }

    private static String refusal(String words, @Nullable UserCredentials credentials) {
        return credentials instanceof UserCredentials.Token ? words + NO_TOKENS : words;
    }
}
