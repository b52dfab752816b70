package dev.polywire.mongodb.wire;

import java.util.List;

/** A way to authenticate (authentication specification). An object for each; it keeps no state of a connection. Its text is its name. */
public interface MongoMechanism {

    /** As servers name it. */
    String name();

    /** Whether a hello may begin its conversation. */
    boolean isSpeculative();

    /** Whether the password is sent as it is, so that it needs TLS. */
    default boolean sendsPassword() {
        return false;
    }

    /**
     * Begins a conversation.
     *
     * @param nonce {@link ScramHash#nonce}, new for each
     * @throws IllegalArgumentException when the credential is none for this mechanism; without secrets
     */
    AuthConversation start(MongoCredential credential, String nonce);

    /** Whether {@link #start} takes this credential. @throws IllegalArgumentException otherwise */
    default void check(MongoCredential credential) {
        start(credential, "check");
    }

    static MongoMechanism scram(ScramHash hash) {
        return new ScramMechanism(hash);
    }

    /** The client's certificate. */
    static MongoMechanism x509() {
        return new X509Mechanism();
    }

    /** RFC 4616; for users that the server asks an LDAP server about. */
    static MongoMechanism plain() {
        return new PlainMechanism();
    }

    /** When none is named: the better one that the server has for the user. */
    static List<MongoMechanism> negotiated() {
        return List.of(scram(ScramHash.SHA_256), scram(ScramHash.SHA_1));
    }
}
