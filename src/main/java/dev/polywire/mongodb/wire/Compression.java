package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is agreed about compression on one connection: what may come, and what is sent. */
public final class Compression {

    /** Never compressed, nor are their replies: the handshake and what holds secrets. In lower case. */
    public static final Set<String> NEVER_COMPRESSED = Set.of(
            "hello",
            "ismaster",
            "saslstart",
            "saslcontinue",
            "getnonce",
            "authenticate",
            "createuser",
            "updateuser",
            "copydbsaslstart",
            "copydbgetnonce",
            "copydb");

    private List<Compressor> accepted;

    /** @param accepted what may come now */
    Compression(List<Compressor> accepted) {
        this.accepted = List.copyOf(accepted);
    }

    /** Whether this message may be compressed. */
    public static boolean isAllowed(MongoMessage message) {
        if (message instanceof OpMsg command) {
            return isAllowed(command.body());
        }
        return !(message instanceof OpQuery query) || isAllowed(QueryWrapper.command(query.query()));
    }

    private static boolean isAllowed(Buffer command) {
        return !NEVER_COMPRESSED.contains(BsonFields.firstName(command).toLowerCase(Locale.ROOT));
    }

    /** From now on only these may come. */
    void accept(List<Compressor> agreed) {
        accepted = List.copyOf(agreed);
    }

    /** The one to send with; null: none. */
    @Nullable
    Compressor first() {
        return accepted.isEmpty() ? null : accepted.get(0);
    }

    /**
     * One that was negotiated, by its name.
     *
     * @throws ProtocolException DECODE when there is none of this name
     */
    Compressor named(String name) {
        for (Compressor compressor : accepted) {
            if (compressor.name().equals(name)) {
                return compressor;
            }
        }
        throw ProtocolException.decode(
                "compressor: another (expected: one of " + Compressors.names(accepted) + ", which were negotiated)");
    }

    /** @throws ProtocolException FRAMING when it is none of those that may come */
    Compressor of(OpCompressed message) {
        for (Compressor compressor : accepted) {
            if (compressor.id() == message.compressorId()) {
                return compressor;
            }
        }
        throw ProtocolException.framing("compressorId: " + message.compressorId() + " (expected: one of "
                + Compressors.names(accepted) + ", which were negotiated)");
    }

    /**
     * A message as OP_COMPRESSED.
     *
     * @param frame the whole message
     * @return {@code frame} itself when it is longer than {@code limitBytes} compressed
     */
    static Buffer compressed(Buffer frame, Compressor compressor, int limitBytes) {
        OpCompressed message = OpCompressed.of(frame, compressor);
        MessageHeader header = MessageHeader.read(frame);
        return message.messageBytes() > limitBytes
                ? frame
                : message.write(header.requestId(), header.responseTo(), limitBytes);
    }
}
