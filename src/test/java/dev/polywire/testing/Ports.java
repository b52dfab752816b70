package dev.polywire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that a test can leave and come back to. Those that the system gives out by itself are no good for that: the next
 * outgoing connection may take them meanwhile, and one that dials such a port may even reach itself.
 */
public final class Ports {

    /** Below what systems give out by themselves (from 32768 on Linux), above what services have. */
    private static final int LOWEST = 20_000;

    private static final int SHARES = 24;
    /** The first is the claim. */
    private static final int PORTS_OF_A_SHARE = 500;

    private static final int COUNT = PORTS_OF_A_SHARE - 1;

    /**
     * Each JVM has a share of its own, so that none takes what another has just found free, be it of this build or of another
     * on the machine. It is claimed with a datagram socket, which is in no test's way, for as long as the JVM runs.
     */
    private static final DatagramSocket CLAIM = claim();

    private static final int FIRST = CLAIM.getLocalPort() + 1;

    /** One after the other, so that two that are asked for together are never the same. */
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Ports() {}

    private static DatagramSocket claim() {
        for (int share = 0; share < SHARES; share++) {
            try {
                return new DatagramSocket(LOWEST + share * PORTS_OF_A_SHARE, InetAddress.getLoopbackAddress());
            } catch (SocketException taken) {
                continue;
            }
        }
        throw new AssertionError("JVMs that need ports: " + SHARES + " others (expected: < " + SHARES + ")");
    }

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
