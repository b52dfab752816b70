package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an {@link AuthConversation} wants next. Until the last of them, nothing else may be sent on the connection. */
public sealed interface AuthStep {

    /**
     * Sends this command; its reply is the conversation's.
     *
     * @param command whole, with {@code $db}; secret
     */
    record SendCommand(Buffer command) implements AuthStep {

        @Override
        public String toString() {
            return "SendCommand[" + BsonFields.firstName(command) + "]";
        }
    }

    /** Computes keys, and hands them to {@link AuthConversation#computed}. */
    record DeriveKeys(ScramDerivation derivation) implements AuthStep {}

    /** The server knows the client, and has shown what the mechanism demands of it. */
    record Authenticated() implements AuthStep {}

    /**
     * It has failed: the connection is of no use.
     *
     * @param reason for people, without secrets and without the server's own words, which might repeat what it was sent
     * @param serverCode the code of the server's refusal; null: the server's answer is refused by us
     */
    record AuthRefused(String reason, @Nullable Integer serverCode) implements AuthStep {

        /** What a server says to who is not let in; each other code is about the server, such as one that shuts down. */
        private static final Set<Integer> STANDING = Set.of(2, 11, 13, 17, 18, 59, 334, 8_000);

        /** Whether it is about the credential or the mechanism, so that time alone does not heal it. */
        public boolean isStanding() {
            return serverCode == null || STANDING.contains(serverCode);
        }
    }
}
