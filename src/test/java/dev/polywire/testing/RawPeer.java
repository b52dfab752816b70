package dev.polywire.testing;

import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** The other end of a connection as a plain blocking socket, so that a test decides about each byte and how it ends. */
public final class RawPeer implements AutoCloseable {

    private final Socket socket;
    /** Tests read byte by byte, which would be a call of the system each. */
    private final InputStream in;

    private RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setSoTimeout((int) (Loop.PATIENCE_SECONDS * 1_000));
        // Else each small write waits for the answer to the one before it.
        socket.setTcpNoDelay(true);
    }

    /** Waits for connections on a port of its own. */
    public static final class Door implements AutoCloseable {

        private final ServerSocket server;

        /** @param backlog connections the system makes before anybody asks for them */
        public Door(int backlog) {
            server = io(() -> new ServerSocket(0, backlog, InetAddress.getLoopbackAddress()));
            io(() -> {
                server.setSoTimeout((int) (Loop.PATIENCE_SECONDS * 1_000));
                return server;
            });
        }

        public Door() {
            this(50);
        }

        public int port() {
            return server.getLocalPort();
        }

        public EndpointOptions endpoint() {
            return EndpointOptions.of("127.0.0.1", port());
        }

        public RawPeer accept() {
            return io(() -> new RawPeer(server.accept()));
        }

        @Override
        public void close() {
            io(() -> {
                server.close();
                return server;
            });
        }
    }

    public static RawPeer connect(int port) {
        return io(() -> new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port)));
    }

    public void write(Buffer bytes) {
        io(() -> {
            socket.getOutputStream().write(bytes.getBytes());
            return this;
        });
    }

    /** Writes texts, all in one piece. */
    public void send(String... texts) {
        Buffer all = Buffer.buffer();
        for (String text : texts) {
            all.appendBuffer(TextMachine.frame(text));
        }
        write(all);
    }

    /** The next text, in full. */
    public String read() {
        return io(() -> {
            DataInputStream data = new DataInputStream(in);
            return new String(data.readNBytes(data.readInt()), StandardCharsets.UTF_8);
        });
    }

    /** One byte, or -1 at the end of the stream. */
    public int readByte() {
        return io(() -> in.read());
    }

    /** So many bytes, or those before the end of the stream. */
    public byte[] read(int bytes) {
        return io(() -> in.readNBytes(bytes));
    }

    /** What still comes before the stream ends or is reset. */
    public byte[] readToEnd() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("still open", silent);
        } catch (IOException reset) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }

    /** RST instead of FIN. */
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

    private static <T> T io(Callable<T> step) {
        try {
            return step.call();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (Exception bug) {
            throw new AssertionError(bug);
        }
    }
}
