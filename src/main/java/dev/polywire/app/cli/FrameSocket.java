package dev.polywire.app.cli;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.TlsFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Frames of the bridge on a blocking socket.
 *
 * <pre>
 *   | length: 4 bytes, big endian | a JSON object in UTF-8 |
 * </pre>
 */
final class FrameSocket implements AutoCloseable {

    /** No bridge can be configured to send a larger answer; see {@code maxOutputBytes} of its options. */
    private static final int MAX_FRAME_BYTES = 1 << 30;

    private static final int LENGTH_BYTES = 4;
    private static final int MAX_DEPTH = 1_000;

    private final Socket socket;
    private final String target;
    private final boolean certified;
    private final DataInputStream in;
    private boolean hasRead;
    private final StrictJson json = new StrictJson(MAX_DEPTH);

    /** @param target the bridge, as text for people @param certified whether we have a certificate to show */
    FrameSocket(Socket socket, String target, boolean certified) throws IOException {
        this.socket = socket;
        this.target = target;
        this.certified = certified;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** From any thread. */
    synchronized void write(JsonObject frame) throws IOException {
        byte[] text = frame.toBuffer().getBytes();
        socket.getOutputStream()
                .write(ByteBuffer.allocate(LENGTH_BYTES + text.length)
                        .putInt(text.length)
                        .put(text)
                        .array());
    }

    /** What its end means if nothing has been read, as text for people. */
    String maybe() {
        return hasRead || isSecured() ? "" : " before it has sent anything (expected: a bridge at " + target + ")";
    }

    /**
     * The next frame.
     *
     * @throws EOFException when the bridge closed the connection
     * @throws CallException UNAUTHENTICATED when it does not accept our certificate, or plain TCP
     */
    JsonObject read() throws IOException {
        int length = hasRead ? in.readInt() : first();
        hasRead = true;
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new IOException(
                    "length: " + Integer.toUnsignedString(length) + " (expected: <= " + MAX_FRAME_BYTES + ")");
        }
        // Grows with the received bytes, not with the announced length.
        byte[] text = in.readNBytes(length);
        if (text.length < length) {
            throw new EOFException("in the middle of a frame");
        }
        try {
            if (json.read(Buffer.buffer(text)) instanceof JsonObject frame) {
                return frame;
            }
        } catch (FieldException malformed) {
            throw new IOException(malformed.getMessage());
        }
        throw new IOException("json: not an object");
    }

    private int first() throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (SSLException refused) {
            if (TlsFailure.isOfHandshake(refused)) {
                throw TlsFailure.of(target, certified, refused);
            }
            throw refused;
        } catch (IOException lost) {
            // Most ports for TLS say nothing to plain TCP.
            if (!isSecured() && !socket.isClosed() && WrongPort.speaksTls(socket.getRemoteSocketAddress())) {
                throw WrongPort.needsTls(target);
            }
            throw lost;
        }
        if (!isSecured() && TlsFailure.isRecord(Buffer.buffer().appendInt(length))) {
            throw WrongPort.needsTls(target);
        }
        return length;
    }

    private boolean isSecured() {
        return socket instanceof SSLSocket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // There is nothing left to release.
        }
    }
}
