package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A derivation that tells by which thread it is computed, and waits there. */
public final class SlowDerivation extends ScramDerivation {

    private final ScramDerivation derivation;
    private final List<Thread> threads;
    private final CountDownLatch begun;
    private final CountDownLatch goOn;

    /** @param begun counted down when it is computed @param goOn waited for then */
    private SlowDerivation(
            ScramDerivation derivation, List<Thread> threads, CountDownLatch begun, CountDownLatch goOn) {
        super(ScramHash.SHA_256, new byte[1], new byte[1], MIN_ITERATIONS);
        this.derivation = derivation;
        this.threads = threads;
        this.begun = begun;
        this.goOn = goOn;
    }

    /** SCRAM-SHA-256 that computes so. @param threads gets one for each computation */
    public static MongoMechanism mechanism(List<Thread> threads, CountDownLatch begun, CountDownLatch goOn) {
        MongoMechanism scram = MongoMechanism.scram(ScramHash.SHA_256);
        return new MongoMechanism() {
            @Override
            public String name() {
                return scram.name();
            }

            @Override
            public boolean isSpeculative() {
                return true;
            }

            @Override
            public AuthConversation start(MongoCredential credential, String nonce) {
                AuthConversation conversation = scram.start(credential, nonce);
                return new AuthConversation() {
                    @Override
                    public Buffer first() {
                        return conversation.first();
                    }

                    @Override
                    public Buffer speculative() {
                        return conversation.speculative();
                    }

                    @Override
                    public AuthStep answered(Buffer checked) {
                        AuthStep step = conversation.answered(checked);
                        return step instanceof AuthStep.DeriveKeys keys
                                ? new AuthStep.DeriveKeys(new SlowDerivation(keys.derivation(), threads, begun, goOn))
                                : step;
                    }

                    @Override
                    public AuthStep computed(ScramKeys keys) {
                        return conversation.computed(keys);
                    }
                };
            }
        };
    }

    @Override
    public ScramKeys keys() {
        threads.add(Thread.currentThread());
        begun.countDown();
        try {
            goOn.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return derivation.keys();
    }

    @Override
    ByteBuffer fingerprint(byte[] secret) {
        return derivation.fingerprint(secret);
    }
}
