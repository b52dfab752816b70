package dev.polywire.eventstore.wire;

/** On whose behalf a package is sent, unlike the others of its connection. Its text shows no secret. */
public sealed interface UserCredentials {

    /**
     * Accepted by all versions. How long each of the two may be is a matter of {@link CredentialsLayout}.
     *
     * @param login may be empty
     * @param password may be empty
     */
    record Password(String login, String password) implements UserCredentials {
        @Override
        public String toString() {
            return "Password [login=" + login + "]";
        }
    }

    /**
     * Since 20.6.
     *
     * @param token a JSON Web Token, 1 to 32,768 bytes in UTF-8
     */
    record Token(String token) implements UserCredentials {
        @Override
        public String toString() {
            return "Token";
        }
    }
}
