package dev.polywire.framed.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/** A proxy between one connection and a server that passes everything on in slices of 1 to 10 bytes, both ways. */
final class Slicer implements AutoCloseable {

    private static final int MOST_BYTES = 10;

    private final ServerSocket door;
    private final int target;

    Slicer(int target, Random random) {
        this.target = target;
        try {
            door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        long seed = random.nextLong();
        run("slicer", () -> accept(seed));
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept(long seed) throws IOException {
        Socket near = door.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        run("slicer out", () -> copy(near.getInputStream(), far.getOutputStream(), new Random(seed)));
        copy(far.getInputStream(), near.getOutputStream(), new Random(seed + 1));
    }

    private static void copy(InputStream in, OutputStream out, Random random) throws IOException {
        byte[] slice = new byte[MOST_BYTES];
        for (int n = in.read(slice, 0, 1 + random.nextInt(MOST_BYTES));
                n >= 0;
                n = in.read(slice, 0, 1 + random.nextInt(MOST_BYTES))) {
            out.write(slice, 0, n);
        }
        out.close();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** The end of either connection is the end of the work. */
    private static void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException closed) {
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
