package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ByteWriter;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A command or its reply (OP_MSG specification). Exactly one section of kind 0, sections of kind 1 with different
 * identifiers, in any order; written kind 0 first.
 *
 * <pre>
 *   header | uint32 flagBits | ( 00 document | 01 sequence )+ | [ uint32 CRC-32C of all bytes before ]
 * </pre>
 *
 * @param flagBits the low 16 must be known bits; unknown high bits are kept and ignored. With {@link #CHECKSUM_PRESENT} the
 *     checksum is verified and written.
 * @param body the kind 0 document; its first field names the command
 * @param sequences the kind 1 sections
 */
public record OpMsg(int flagBits, Buffer body, List<DocumentSequence> sequences) implements MongoMessage {

    public static final int OP_CODE = 2013;

    public static final int CHECKSUM_PRESENT = 1;
    /** In a request: no reply is wanted. In a reply: another one follows without a request. */
    public static final int MORE_TO_COME = 1 << 1;

    public static final int EXHAUST_ALLOWED = 1 << 16;

    private static final int UNKNOWN_REQUIRED = 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME);
    private static final int CHECKSUM_BYTES = 4;
    /** No command has more than two (bulkWrite). */
    private static final int MAX_SEQUENCES = 16;

    public OpMsg {
        if ((flagBits & UNKNOWN_REQUIRED) != 0) {
            throw ProtocolException.framing(
                    "flagBits: 0x" + Integer.toHexString(flagBits) + " (expected: bits 0 and 1)");
        }
        BsonBounds.requireWhole(body);
        sequences = List.copyOf(sequences);
        if (sequences.size() > 1) {
            requireDifferent(sequences);
        }
    }

    private static void requireDifferent(List<DocumentSequence> sequences) {
        Set<String> identifiers = new HashSet<>();
        for (DocumentSequence sequence : sequences) {
            if (!identifiers.add(sequence.identifier())) {
                throw ProtocolException.framing("sequence identifier: twice the same (expected: different ones)");
            }
        }
    }

    /** A plain command or reply. */
    public OpMsg(Buffer body) {
        this(0, body, List.of());
    }

    @Override
    public int opCode() {
        return OP_CODE;
    }

    @Override
    public boolean hasReply() {
        return !moreToCome();
    }

    public boolean moreToCome() {
        return (flagBits & MORE_TO_COME) != 0;
    }

    static OpMsg read(Buffer frame) {
        ByteReader head = MongoMessage.body(frame);
        int flagBits = head.int32LE("flagBits");
        int end = frame.length();
        if ((flagBits & CHECKSUM_PRESENT) != 0) {
            end -= CHECKSUM_BYTES;
            if (end < head.position() || Checksum.crc32c(frame, end) != frame.getIntLE(end)) {
                throw head.bad("checksum: wrong (expected: CRC-32C of the message)");
            }
        }
        ByteReader in = new ByteReader(frame, head.position(), end, ProtocolException.Kind.FRAMING);
        Buffer body = null;
        List<DocumentSequence> sequences = new ArrayList<>();
        while (in.remaining() > 0) {
            int kind = in.u8("section kind");
            if (kind == 1) {
                sequences.add(DocumentSequence.read(frame, in));
                requireFew(sequences);
            } else if (kind == 0) {
                if (body != null) {
                    throw in.bad("sections of kind 0: 2 (expected: 1)");
                }
                body = BsonBounds.readChecked(frame, in);
            } else {
                throw in.bad("section kind: " + kind + " (expected: 0 or 1)");
            }
        }
        if (body == null) {
            throw in.bad("sections of kind 0: 0 (expected: 1)");
        }
        return new OpMsg(flagBits, body, sequences);
    }

    private static void requireFew(List<DocumentSequence> sequences) {
        if (sequences.size() > MAX_SEQUENCES) {
            throw ProtocolException.limit("sequences: more (expected: <= " + MAX_SEQUENCES + ")");
        }
    }

    @Override
    public long messageBytes() {
        long bytes = MessageHeader.BYTES + 4L + 1 + body.length();
        for (DocumentSequence sequence : sequences) {
            bytes += 1 + sequence.bytes();
        }
        return (flagBits & CHECKSUM_PRESENT) == 0 ? bytes : bytes + CHECKSUM_BYTES;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.int32LE(flagBits).u8(0).bytes(body);
        for (DocumentSequence sequence : sequences) {
            sequence.write(out);
        }
        if ((flagBits & CHECKSUM_PRESENT) != 0) {
            // The checksum covers all bytes so far, the header included.
            out.int32LE(Checksum.crc32c(out.done(), out.position()));
        }
    }

    /** Without a checksum, nothing is joined before it is written: a large document is not copied, a small one once. */
    @Override
    public void write(OutputQueue out, int requestId, int limitBytes) {
        if ((flagBits & CHECKSUM_PRESENT) != 0) {
            MongoMessage.super.write(out, requestId, limitBytes);
            return;
        }
        int length = requireWithin(limitBytes);
        // All that may fail is before the first byte.
        List<Buffer> heads = sequences.isEmpty()
                ? List.of()
                : sequences.stream().map(DocumentSequence::head).toList();
        new MessageHeader(length, requestId, 0, OP_CODE).write(out);
        out.addIntLE(flagBits);
        out.addByte(0);
        out.add(body);
        for (int i = 0; i < heads.size(); i++) {
            out.add(heads.get(i));
            sequences.get(i).documents().forEach(out::add);
        }
    }

    /** Without the documents, which may hold credentials. */
    @Override
    public String toString() {
        return MessageNames.command(this) + " [flagBits=" + flagBits + ", bodyBytes=" + body.length() + ", sequences="
                + sequences + "]";
    }
}
