package dev.polywire.framed.service;

import dev.polywire.testing.FramedPeer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A peer that always has one more message to send, as long as it is taken from it. */
final class Flood implements AutoCloseable {

    /** So often in a row nothing was taken, with a look at the other side between: it reads no more. */
    private static final int STUCK = 200;

    private final SocketChannel channel;
    private final ByteBuffer message;
    private long bytes;

    Flood(int port, String payload) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        message = ByteBuffer.wrap(FramedPeer.frame(Buffer.buffer(payload)).getBytes());
    }

    /** Bytes that were taken. */
    long bytes() {
        return bytes;
    }

    /** Sends until nothing is taken any more. @param look has to do with the other side, which gets its turn by it */
    void untilStuck(Runnable look) throws IOException {
        channel.configureBlocking(false);
        for (int refused = 0; refused < STUCK; ) {
            if (write() > 0) {
                refused = 0;
            } else {
                refused++;
                look.run();
            }
        }
    }

    /** Sends for ever, on a thread of its own. */
    void start() {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            write();
                        }
                    } catch (IOException closed) {
                        return;
                    }
                },
                "flood");
        thread.setDaemon(true);
        thread.start();
    }

    private int write() throws IOException {
        int taken = channel.write(message);
        bytes += taken;
        if (!message.hasRemaining()) {
            message.rewind();
        }
        return taken;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
