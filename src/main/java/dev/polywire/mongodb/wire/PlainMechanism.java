package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/** PLAIN (RFC 4616): {@code 00 user 00 password}. */
record PlainMechanism() implements MongoMechanism {

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public boolean isSpeculative() {
        return false;
    }

    @Override
    public boolean sendsPassword() {
        return true;
    }

    @Override
    public AuthConversation start(MongoCredential credential, String nonce) {
        String password = credential.requiredPassword();
        if (password.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "password: with a zero byte (expected: none, PLAIN has them between its parts)");
        }
        String text = "\0" + credential.requiredUser() + "\0" + password;
        return new SaslConversation(name(), credential.source(), new OneMessage(text), false);
    }

    @Override
    public String toString() {
        return name();
    }

    /** Says everything at once. */
    private static final class OneMessage implements SaslExchange {

        private final String text;

        OneMessage(String text) {
            this.text = text;
        }

        @Override
        public Buffer first() {
            return Buffer.buffer(Utf8.encoded(text));
        }

        @Override
        public SaslMove answered(Buffer payload) {
            if (payload.length() > 0) {
                throw ProtocolException.decode(
                        "PLAIN answer: " + payload.length() + " bytes of payload (expected: none)");
            }
            return new Verified();
        }
    }
}
