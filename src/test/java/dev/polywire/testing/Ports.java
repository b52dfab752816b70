package dev.polywire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that a test can leave and come back to. Those that the system gives out by itself are no good for that: the next
 * outgoing connection may take them meanwhile, and one that dials such a port may even reach itself.
 */
public final class Ports {

    /**
     * Each fork has a thousand of its own, so that none takes what another has just found free: below what systems give out
     * by themselves (from 32768 on Linux), above what services have.
     */
    private static final int FIRST = 20_000 + 1_000 * (Integer.getInteger("polywire.fork", 0) % 10);

    private static final int COUNT = 1_000;

    /** One after the other, so that two that are asked for together are never the same; from anywhere, as other JVMs do. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private Ports() {}

    /** Listens on loopback. @param receiveBufferBytes of the connections it accepts, 0: the system's choice */
    public static ServerSocket listen(int receiveBufferBytes) {
        while (true) {
            try {
                return listen(FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT), receiveBufferBytes);
            } catch (UncheckedIOException failed) {
                if (!(failed.getCause() instanceof BindException)) {
                    throw failed;
                }
            }
        }
    }

    /** Listens again. */
    public static ServerSocket listen(int port, int receiveBufferBytes) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException taken) {
                socket.close();
                throw taken;
            }
            return socket;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Nobody listens there at this moment. */
    public static int free() {
        try (ServerSocket socket = listen(0)) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
