package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the handshake; see {@link ClientHandshake}. The first slot with a common version decides; its best
 * common version is chosen.
 */
final class ServerHandshake {

    private enum Step {
        MAGIC,
        SLOTS,
        PICK,
        CAPABILITIES,
        DONE
    }

    private final BoltOffer offer;
    private Step step = Step.MAGIC;
    private int word;
    private int words;
    private int wordBytes;
    private final Varint varint = new Varint();
    private boolean byManifest;
    private @Nullable BoltVersion version;
    private Buffer answer = Buffer.buffer();

    ServerHandshake(BoltOffer offer) {
        this.offer = offer;
    }

    /**
     * Takes the next byte. Output may be available before the end: see {@link #answer}.
     *
     * @return whether it was the last
     * @throws ProtocolException FRAMING when this is not Bolt, or without a common version, which {@link #answer} reports
     */
    boolean take(int next) {
        switch (step) {
            case MAGIC -> {
                requireMagic(next);
                step = word(next) ? Step.SLOTS : Step.MAGIC;
            }
            case SLOTS -> {
                if (word(next)) {
                    slot(word);
                }
            }
            case PICK -> {
                if (word(next)) {
                    picked(word);
                }
            }
            // The server offers none; if a client sends some nevertheless, the server selects none.
            case CAPABILITIES -> step = varint.take(next) ? Step.DONE : Step.CAPABILITIES;
            case DONE -> throw new IllegalStateException("handshake: done");
        }
        return step == Step.DONE;
    }

    /** The output at this point, once; empty: none. */
    Buffer answer() {
        Buffer now = answer;
        answer = Buffer.buffer();
        return now;
    }

    BoltVersion version() {
        if (version == null || step != Step.DONE) {
            throw new IllegalStateException("handshake: not done");
        }
        return version;
    }

    boolean byManifest() {
        return byManifest;
    }

    /** A peer of another protocol may send 19 bytes and then wait for ever. */
    private void requireMagic(int next) {
        if (next != (BoltOffer.MAGIC >> 8 * (3 - wordBytes) & 0xff)) {
            throw ProtocolException.framing("handshake: not Bolt (expected: 6060B017 first)");
        }
    }

    private void slot(int slot) {
        if (version == null && !byManifest) {
            byManifest = slot == BoltOffer.MANIFEST && offer.manifest();
            version = byManifest ? null : offer.best(slot);
        }
        if (words < 1 + BoltOffer.SLOTS) {
            return;
        }
        if (byManifest) {
            answer.appendInt(BoltOffer.MANIFEST);
            Varint.append(answer, BoltOffer.ranges(offer.versions()).size());
            BoltOffer.ranges(offer.versions()).forEach(answer::appendInt);
            Varint.append(answer, 0);
            step = Step.PICK;
        } else if (version != null) {
            answer.appendInt(version.wire());
            step = Step.DONE;
        } else {
            answer.appendInt(0);
            throw ProtocolException.framing("handshake: no version in common (offered: " + offer.versions() + ")");
        }
    }

    private void picked(int pick) {
        BoltVersion picked = BoltVersion.ofWire(pick);
        if (pick >>> 16 != 0 || !offer.versions().contains(picked)) {
            throw ProtocolException.framing(
                    String.format("handshake: picked %08X (expected: one of %s)", pick, offer.versions()));
        }
        version = picked;
        step = Step.CAPABILITIES;
    }

    private boolean word(int next) {
        word = word << 8 | next;
        wordBytes = (wordBytes + 1) % 4;
        words += wordBytes == 0 ? 1 : 0;
        return wordBytes == 0;
    }
}
