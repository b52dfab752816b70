package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.Loop;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.UUID;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** A client on a blocking socket, which passes over heartbeats. */
final class StoreSocket implements AutoCloseable {

    private static final int MAX_BYTES = 1 << 20;

    private final Socket socket;
    private final DataInputStream in;

    private StoreSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout((int) (Loop.PATIENCE_SECONDS * 1_000));
    }

    static StoreSocket connect(int port) {
        return connect(SocketFactory.getDefault(), port);
    }

    static StoreSocket connect(SocketFactory factory, int port) {
        try {
            return new StoreSocket(factory.createSocket("127.0.0.1", port));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Asks for something. @return its answer; null: the connection was closed before that */
    @Nullable
    EventStoreMessage ask(EventStoreMessage message) {
        send(message);
        return read();
    }

    void send(EventStoreMessage message) {
        try {
            Buffer frame = TcpPackage.of(UUID.randomUUID(), message, null)
                    .write(CredentialsLayout.PASSWORDS, TcpPackage.MAX_BYTES);
            socket.getOutputStream().write(frame.getBytes());
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** The next message; null: there is none, the connection was closed. */
    @Nullable
    EventStoreMessage read() {
        try {
            TcpPackage next = next();
            while (next.command() == TcpCommand.HEARTBEAT_REQUEST) {
                next = next();
            }
            return EventStoreMessage.read(next.command(), next.payload());
        } catch (EOFException closed) {
            return null;
        } catch (IOException reset) {
            throw new UncheckedIOException(reset);
        }
    }

    /** How many bytes there are before the end. */
    int bytesToEnd() {
        try {
            return in.readAllBytes().length;
        } catch (IOException reset) {
            throw new UncheckedIOException(reset);
        }
    }

    private TcpPackage next() throws IOException {
        int length = Integer.reverseBytes(in.readInt());
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("length: " + length);
        }
        byte[] rest = new byte[length];
        in.readFully(rest);
        return TcpPackage.read(Buffer.buffer().appendIntLE(length).appendBytes(rest), CredentialsLayout.PASSWORDS);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException already) {
            throw new UncheckedIOException(already);
        }
    }
}
