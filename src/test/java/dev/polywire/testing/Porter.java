package dev.polywire.testing;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts connections, counts them, and does the same with each, on a thread of its own. */
public final class Porter implements AutoCloseable {

    /** What is done with a connection; then it is closed. */
    public interface Service {

        void serve(Socket socket) throws IOException;
    }

    private static final int BACKLOG = 50;
    private static final int BUFFER_BYTES = 4_096;

    private final ServerSocket door;
    private final Service service;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Porter(ServerSocket door, Service service) {
        this.door = door;
        this.service = service;
        thread(this::accept);
    }

    public static Porter plain(Service service) {
        try {
            return new Porter(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), service);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Has this certificate, and reads. */
    public static Porter tls(Certificates identity) {
        try {
            return new Porter(
                    TlsSockets.serving(identity).createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
                    Porter::readToEnd);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Says {@code answer} when it has been told something, and nothing more. */
    public static Porter answering(Buffer answer) {
        return plain(socket -> {
            hear(socket);
            say(socket, answer);
            readToEnd(socket);
        });
    }

    /** The same, and closes. */
    public static Porter leaving(Buffer answer) {
        return plain(socket -> {
            hear(socket);
            say(socket, answer);
        });
    }

    /** The alert by which a port for TLS refuses what is none. */
    public static Buffer alert(int description) {
        return Buffer.buffer(new byte[] {21, 3, 3, 0, 2, 2, (byte) description});
    }

    public int port() {
        return door.getLocalPort();
    }

    public int accepted() {
        return accepted.get();
    }

    private static void hear(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        in.read(new byte[BUFFER_BYTES]);
    }

    private static void say(Socket socket, Buffer answer) throws IOException {
        socket.getOutputStream().write(answer.getBytes());
    }

    private static void readToEnd(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = door.accept();
                accepted.incrementAndGet();
                open.add(socket);
                thread(() -> serve(socket));
            }
        } catch (IOException closed) {
            // That ends it.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (IOException over) {
            // It is closed, which is all that is left to do.
        }
        open.remove(socket);
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "porter");
        thread.setDaemon(true);
        thread.start();
    }
}
