package dev.polywire.testing;

import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** The other end of a framed connection on a plain blocking socket: the test decides about each byte. */
public final class FramedPeer implements AutoCloseable {

    /** A test that needs longer hangs. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final DataInputStream in;

    /** What may fail because of the socket. */
    private interface Step<T> {
        T run() throws IOException;
    }

    private FramedPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** Where connectors dial. */
    public static final class Door implements AutoCloseable {

        private final ServerSocket server;

        public Door() {
            this(Ports.listen(0));
        }

        /** At a port where there was a door before. */
        public Door(int port) {
            this(Ports.listen(port, 0));
        }

        private Door(ServerSocket server) {
            this.server = server;
            io(() -> {
                server.setSoTimeout(PATIENCE_MILLIS);
                return server;
            });
        }

        public int port() {
            return server.getLocalPort();
        }

        public FramedPeer accept() {
            return io(() -> new FramedPeer(server.accept()));
        }

        @Override
        public void close() {
            io(() -> {
                server.close();
                return server;
            });
        }
    }

    public static FramedPeer connect(int port) {
        return io(() -> new FramedPeer(new Socket(InetAddress.getLoopbackAddress(), port)));
    }

    /** From another loopback address: {@code 127.0.0.2}. */
    public static FramedPeer connectFrom(String address, int port) {
        return io(() -> new FramedPeer(
                new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(address), 0)));
    }

    public static Buffer frame(Buffer payload) {
        return Buffer.buffer().appendInt(payload.length()).appendBuffer(payload);
    }

    /** One message each, all in one write. */
    public FramedPeer send(String... payloads) {
        Buffer all = Buffer.buffer();
        for (String payload : payloads) {
            all.appendBuffer(frame(Buffer.buffer(payload)));
        }
        return write(all);
    }

    public FramedPeer write(Buffer bytes) {
        return io(() -> {
            socket.getOutputStream().write(bytes.getBytes());
            return this;
        });
    }

    /** The next payload. */
    public Buffer read() {
        return io(() -> Buffer.buffer(in.readNBytes(in.readInt())));
    }

    /** The next payload, as text. */
    public String text() {
        return read().toString();
    }

    /** How many bytes still come before the end of the stream, or before it is reset. */
    public long readToEnd() {
        long count = 0;
        try {
            for (int n = in.read(new byte[64 * 1024]); n >= 0; n = in.read(new byte[64 * 1024])) {
                count += n;
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("still open", open);
        } catch (IOException reset) {
            return count;
        }
        return count;
    }

    /** FIN, and it goes on reading. */
    public FramedPeer finish() {
        return io(() -> {
            socket.shutdownOutput();
            return this;
        });
    }

    /** RST. */
    public void reset() {
        io(() -> {
            socket.setSoLinger(true, 0);
            socket.close();
            return this;
        });
    }

    @Override
    public void close() {
        io(() -> {
            socket.close();
            return this;
        });
    }

    private static <T> T io(Step<T> step) {
        try {
            return step.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
