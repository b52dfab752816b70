package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/** MONGODB-X509: the server knows the client by the certificate of its TLS connection. */
record X509Mechanism() implements MongoMechanism {

    @Override
    public String name() {
        return "MONGODB-X509";
    }

    @Override
    public boolean isSpeculative() {
        return true;
    }

    @Override
    public AuthConversation start(MongoCredential credential, String nonce) {
        if (credential.password() != null) {
            throw new IllegalArgumentException("password: present (expected: none, " + name() + " has a certificate)");
        }
        if (!credential.source().equals(MongoCredential.EXTERNAL)) {
            throw new IllegalArgumentException(
                    "authSource: a database (expected: " + MongoCredential.EXTERNAL + " with " + name() + ")");
        }
        return new AuthConversation() {
            @Override
            public Buffer first() {
                return command("$db");
            }

            @Override
            public Buffer speculative() {
                return command("db");
            }

            @Override
            public AuthStep answered(Buffer checked) {
                return BsonFields.has(checked, "conversationId")
                        ? new AuthStep.AuthRefused(
                                name() + ": an answer of another mechanism (expected: its own)", null)
                        : new AuthStep.Authenticated();
            }

            private Buffer command(String database) {
                return BsonOut.document(out -> {
                    out.writeInt32("authenticate", 1);
                    out.writeString("mechanism", name());
                    if (credential.user() != null) {
                        out.writeString("user", credential.user());
                    }
                    out.writeString(database, credential.source());
                });
            }
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
