package dev.polywire.mongodb.wire;

/** SCRAM-SHA-1 or SCRAM-SHA-256. */
record ScramMechanism(ScramHash hash) implements MongoMechanism {

    @Override
    public String name() {
        return hash.mechanism();
    }

    @Override
    public boolean isSpeculative() {
        return true;
    }

    @Override
    public AuthConversation start(MongoCredential credential, String nonce) {
        return new SaslConversation(name(), credential.source(), new ScramClient(hash, credential, nonce), true);
    }

    @Override
    public String toString() {
        return name();
    }
}
