package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the handshake, which precedes all chunks. Takes the answer byte by byte, and no byte after it.
 *
 * <pre>
 *   C  60 60 b0 17, four slots
 *   S  00 00 minor major                                            or, for the manifest:
 *   S  00 00 01 ff, count, count x (00 range minor major), capabilities
 *   C  00 00 minor major, capabilities
 * </pre>
 */
final class ClientHandshake {

    private static final int HTTP = 0x48545450;
    /** Far more than the number of versions. */
    private static final int MAX_RANGES = 256;

    private enum Step {
        ANSWER,
        COUNT,
        RANGES,
        CAPABILITIES,
        DONE
    }

    private final BoltOffer offer;
    private Step step = Step.ANSWER;
    private int word;
    private int wordBytes;
    private Varint varint = new Varint();
    private int rangesLeft;
    private boolean byManifest;
    private @Nullable BoltVersion version;

    ClientHandshake(BoltOffer offer) {
        this.offer = offer;
    }

    /** The 20 bytes that begin a connection. */
    Buffer offer() {
        return offer.slots();
    }

    /**
     * Takes the next byte of the answer.
     *
     * @return whether it was the last
     * @throws ProtocolException FRAMING when there is no common version, or the answer is invalid
     */
    boolean take(int next) {
        switch (step) {
            case ANSWER -> {
                if (word(next)) {
                    answered(word);
                }
            }
            case COUNT -> {
                if (varint.take(next)) {
                    count(varint.value());
                }
            }
            case RANGES -> {
                if (word(next)) {
                    range(word);
                }
            }
            case CAPABILITIES -> step = varint.take(next) ? Step.DONE : Step.CAPABILITIES;
            case DONE -> throw new IllegalStateException("handshake: done");
        }
        if (step == Step.DONE && version == null) {
            throw none();
        }
        return step == Step.DONE;
    }

    BoltVersion version() {
        if (version == null || step != Step.DONE) {
            throw new IllegalStateException("handshake: not done");
        }
        return version;
    }

    /** The output after the answer: the client's choice of version, if it has the choice; else empty. */
    Buffer pick() {
        Buffer pick = Buffer.buffer();
        if (byManifest()) {
            Varint.append(pick.appendInt(version().wire()), 0);
        }
        return pick;
    }

    boolean byManifest() {
        return byManifest;
    }

    private void answered(int answer) {
        if (answer == BoltOffer.MANIFEST && offer.manifest()) {
            byManifest = true;
            step = Step.COUNT;
            return;
        }
        if (answer == HTTP) {
            throw ProtocolException.framing("handshake: answered in HTTP (expected: a Bolt port)");
        }
        if (answer == 0) {
            throw none();
        }
        BoltVersion chosen = BoltVersion.ofWire(answer);
        if (answer >>> 16 != 0 || !offer.versions().contains(chosen)) {
            throw ProtocolException.framing(
                    String.format("handshake: answered %08X (expected: one of %s)", answer, offer.versions()));
        }
        version = chosen;
        step = Step.DONE;
    }

    private void count(long count) {
        if (Long.compareUnsigned(count, MAX_RANGES) > 0) {
            throw ProtocolException.framing(
                    "manifest: " + Long.toUnsignedString(count) + " ranges (expected: <= " + MAX_RANGES + ")");
        }
        rangesLeft = (int) count;
        varint = new Varint();
        step = count == 0 ? Step.CAPABILITIES : Step.RANGES;
    }

    private void range(int range) {
        BoltVersion best = offer.best(range);
        if (best != null && (version == null || best.atLeast(version))) {
            version = best;
        }
        rangesLeft--;
        step = rangesLeft == 0 ? Step.CAPABILITIES : Step.RANGES;
    }

    private ProtocolException none() {
        return ProtocolException.framing("handshake: no version in common (offered: " + offer.versions() + ")");
    }

    private boolean word(int next) {
        word = word << 8 | next;
        wordBytes = (wordBytes + 1) % 4;
        return wordBytes == 0;
    }
}
