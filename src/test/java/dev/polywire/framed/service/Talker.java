package dev.polywire.framed.service;

import dev.polywire.testing.FramedPeer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A peer that reads everything, says something when it is told to, and is there again when its connection breaks. */
final class Talker implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How it comes to a connection. */
    private interface Way {
        Socket connection() throws IOException;
    }

    private final ServerSocket door;
    private Socket current;
    private volatile boolean closed;

    private Talker(ServerSocket door) {
        this.door = door;
    }

    /** Waits for connections, one after the other. */
    static Talker listening() {
        try {
            ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Talker talker = new Talker(door);
            talker.run(door::accept);
            return talker;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Connects, again and again. */
    static Talker connecting(int port) {
        Talker talker = new Talker(null);
        talker.run(() -> new Socket(InetAddress.getLoopbackAddress(), port));
        return talker;
    }

    int port() {
        return door.getLocalPort();
    }

    /** Sends {@code count} messages on the connection that is there, or comes next: the numbers from 1. */
    void talk(int count) {
        Buffer all = Buffer.buffer();
        for (int i = 1; i <= count; i++) {
            all.appendBuffer(FramedPeer.frame(Buffer.buffer(Integer.toString(i))));
        }
        try {
            connection().getOutputStream().write(all.getBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private synchronized Socket connection() {
        try {
            while (current == null) {
                wait();
            }
            return current;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private synchronized void now(Socket socket) {
        current = socket;
        notifyAll();
    }

    private void run(Way way) {
        Thread thread = new Thread(
                () -> {
                    while (!closed) {
                        try (Socket socket = way.connection()) {
                            now(socket);
                            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                        } catch (IOException broken) {
                            LockSupport.parkNanos(PAUSE_NANOS);
                        }
                        now(null);
                    }
                },
                "talker");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (door != null) {
                door.close();
            }
            synchronized (this) {
                if (current != null) {
                    current.close();
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
