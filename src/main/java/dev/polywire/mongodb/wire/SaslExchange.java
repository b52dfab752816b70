package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** The client's payloads of a SASL mechanism; {@link SaslConversation} puts them into commands. */
public interface SaslExchange {

    /** What comes of an answer. */
    sealed interface SaslMove {}

    /** The next payload; secret. */
    record SendPayload(Buffer payload) implements SaslMove {

        @Override
        public String toString() {
            return "SendPayload[bytes=" + payload.length() + "]";
        }
    }

    /** Keys first. */
    record NeedKeys(ScramDerivation derivation) implements SaslMove {}

    /** The client has nothing more to say or to verify. */
    record Verified() implements SaslMove {}

    /** The first payload; secret. */
    Buffer first();

    /** @throws ProtocolException DECODE when the answer is wrong, without its text: authentication has failed */
    SaslMove answered(Buffer payload);

    /** The result of {@link NeedKeys}: the next payload. */
    default Buffer computed(ScramKeys keys) {
        throw new IllegalStateException("keys: nobody asked for them");
    }
}
