package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is sent in either direction: a command, the id of its conversation, and a payload.
 *
 * <pre>
 *   uint32 length | command | flags | correlation id: 16 bytes | credentials, if flag 1 | payload
 *        counts all that follows it
 * </pre>
 *
 * @param commandNumber 0 to 255; perhaps none that {@link TcpCommand} knows
 * @param trusted flag 2: a write that checks nothing, which servers refuse to clients
 * @param correlationId chosen by who asks, and repeated in each answer
 * @param credentials null: those of the connection
 * @param payload what {@link EventStoreMessage#read} decodes. Shares memory with the frame it was read from
 */
public record TcpPackage(
        int commandNumber,
        boolean trusted,
        UUID correlationId,
        @Nullable UserCredentials credentials,
        Buffer payload) {

    /** The largest length servers accept, as the length counts. */
    public static final int MAX_BYTES = 64 * 1024 * 1024;

    static final int AUTHENTICATED = 1;
    static final int TRUSTED = 2;

    private static final int LENGTH_BYTES = 4;
    /** Enough for most. */
    private static final int CREDENTIALS_ROOM = 64;

    private static final int HEAD_BYTES = 1 + 1 + DotNetGuid.BYTES;
    static final int HEADER_BYTES = LENGTH_BYTES + HEAD_BYTES;

    /** Where a package has its length, for the frame accumulator. */
    public static final LengthPrefix LENGTH_PREFIX =
            new LengthPrefix(0, true, LengthPrefix.Counts.FOLLOWING, HEAD_BYTES, 0, ProtocolException.Kind.FRAMING);

    /** The largest payload that is worth to be written into the same memory as others, and copied. */
    private static final int SMALL_BYTES = 4 * 1024;

    static boolean isSmall(int payloadBytes) {
        return payloadBytes <= SMALL_BYTES;
    }

    /** Memory for one small package at a time. */
    static Buffer smallMemory() {
        return Buffer.buffer(HEADER_BYTES + SMALL_BYTES);
    }

    /** A writer of a payload into this memory, behind room for the head. */
    static ProtobufWriter smallPayload(Buffer memory) {
        return new ProtobufWriter(memory, HEADER_BYTES + SMALL_BYTES, HEADER_BYTES);
    }

    /** The frame of a package that was written so, without credentials. */
    static Buffer smallFrame(TcpCommand command, UUID correlationId, ProtobufWriter payload) {
        Buffer frame = payload.withHead();
        frame.setIntLE(0, frame.length() - LENGTH_BYTES);
        frame.setByte(LENGTH_BYTES, (byte) command.number()).setByte(LENGTH_BYTES + 1, (byte) 0);
        DotNetGuid.set(frame, LENGTH_BYTES + 2, correlationId);
        return frame;
    }

    /** A message of ours. */
    public static TcpPackage of(UUID correlationId, EventStoreMessage message, @Nullable UserCredentials credentials) {
        return new TcpPackage(message.command().number(), false, correlationId, credentials, message.payload());
    }

    /** Its row in the table; null: there is none. */
    public @Nullable TcpCommand command() {
        return TcpCommand.of(commandNumber);
    }

    /** Reads the first {@link #HEADER_BYTES} of a frame: its payload is empty. */
    static TcpPackage head(Buffer frame) {
        return new TcpPackage(
                frame.getUnsignedByte(LENGTH_BYTES),
                (frame.getByte(LENGTH_BYTES + 1) & TRUSTED) != 0,
                DotNetGuid.read(frame, HEADER_BYTES - DotNetGuid.BYTES),
                null,
                Buffer.buffer());
    }

    /**
     * Reads a whole frame. Flags other than the two are passed over.
     *
     * @throws ProtocolException FRAMING when it is too short for its head or its credentials
     */
    public static TcpPackage read(Buffer frame, CredentialsLayout layout) {
        ByteReader in = new ByteReader(frame, ProtocolException.Kind.FRAMING);
        in.skip(LENGTH_BYTES, "length");
        int commandNumber = in.u8("command");
        int flags = in.u8("flags");
        int idAt = in.position();
        in.skip(DotNetGuid.BYTES, "correlation id");
        UserCredentials credentials = (flags & AUTHENTICATED) == 0 ? null : layout.read(in, frame);
        return new TcpPackage(
                commandNumber,
                (flags & TRUSTED) != 0,
                DotNetGuid.read(frame, idAt),
                credentials,
                in.slice(in.remaining(), "payload"));
    }

    /**
     * The whole frame.
     *
     * @param maxBytes of what follows the length
     * @throws ProtocolException LIMIT when it would be longer
     * @throws IllegalArgumentException when the credentials do not fit into the layout
     */
    public Buffer write(CredentialsLayout layout, int maxBytes) {
        return writeHead(layout, maxBytes, payload.length()).appendBuffer(payload);
    }

    /**
     * What stands before the payload; as {@link #write}.
     *
     * @param room bytes that are appended
     */
    Buffer writeHead(CredentialsLayout layout, int maxBytes, int room) {
        Buffer head = Buffer.buffer(HEADER_BYTES + (credentials == null ? 0 : CREDENTIALS_ROOM) + room);
        int flags = (credentials == null ? 0 : AUTHENTICATED) | (trusted ? TRUSTED : 0);
        head.appendIntLE(0).appendByte((byte) commandNumber).appendByte((byte) flags);
        DotNetGuid.append(head, correlationId);
        if (credentials != null) {
            layout.append(head, credentials, payload.length());
        }
        long length = (long) head.length() - LENGTH_BYTES + payload.length();
        if (length > maxBytes) {
            throw ProtocolException.limit("package: " + length + " bytes (expected: <= " + maxBytes + ")");
        }
        return head.setIntLE(0, (int) length);
    }

    /** The length of the whole frame, if it has no credentials. */
    public int frameBytes() {
        return HEADER_BYTES + payload.length();
    }

    /** Without the payload, which is somebody's data. */
    @Override
    public String toString() {
        TcpCommand command = command();
        return (command == null ? "command " + commandNumber : command.protocolName()) + " [correlationId="
                + correlationId + ", credentials=" + credentials + ", payloadBytes=" + payload.length() + "]";
    }
}
