package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/** One client's authentication on one connection, without the connection. After its end it may not be asked again. */
public interface AuthConversation {

    /** The command that begins it, with {@code $db}; secret. */
    Buffer first();

    /** The same as a field of the hello: with {@code db} in place of {@code $db}. */
    Buffer speculative();

    /** @param checked the content of a reply that was not a refusal, and has passed {@link BsonBounds#check} */
    AuthStep answered(Buffer checked);

    /** The result of the last {@link AuthStep.DeriveKeys}. */
    default AuthStep computed(ScramKeys keys) {
        throw new IllegalStateException("keys: nobody asked for them");
    }
}
