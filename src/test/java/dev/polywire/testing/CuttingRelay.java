package dev.polywire.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * TCP in front of a server on loopback, also while nobody listens there; it cuts connections behind a given number of bytes, of one direction, by FIN or by
 * a reset, on both sides. All others go through.
 */
public final class CuttingRelay implements AutoCloseable {

    private static final int READ_BYTES = 16 * 1024;

    /**
     * @param connection the first is 1
     * @param fromServer whose bytes are counted
     * @param behindBytes so many are passed on; 0: the connection is cut when it is accepted
     * @param reset instead of FIN
     */
    public record Cut(int connection, boolean fromServer, long behindBytes, boolean reset) {}

    private static final Cut NONE = new Cut(0, false, 0, false);

    /** One connection. */
    private static final class Line {
        final Cut cut;
        final AtomicLong fromClient = new AtomicLong();
        final AtomicLong fromServer = new AtomicLong();
        volatile boolean done;

        Line(Cut cut) {
            this.cut = cut;
        }
    }

    private final int target;
    private final IntFunction<Cut> cuts;
    private final ServerSocket door = Ports.listen(64 * 1024);
    private final Thread porter;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    /** Those that are cut, or only counted. */
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** Cuts nothing, and counts what passes on {@code connection}. */
    public static CuttingRelay counting(int target, int connection) {
        return new CuttingRelay(target, new Cut(connection, false, Long.MAX_VALUE, false));
    }

    public CuttingRelay(int target, Cut cut) {
        this(target, number -> number == cut.connection ? cut : NONE);
    }

    /** @param cuts what becomes of a connection, by its number from 1 */
    public CuttingRelay(int target, IntFunction<Cut> cuts) {
        this.target = target;
        this.cuts = cuts;
        this.porter = Pumping.start("cutting relay", this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Bytes that have passed on connections that are cut or counted. */
    public long bytes(boolean ofServer) {
        return lines.stream()
                .map(line -> ofServer ? line.fromServer : line.fromClient)
                .mapToLong(AtomicLong::get)
                .sum();
    }

    /** Whether a cut was made: a conversation may have ended before. */
    public boolean hasCut() {
        return cuts() > 0;
    }

    /** Cuts that were made. */
    public int cuts() {
        return (int) lines.stream().filter(line -> line.done).count();
    }

    @Override
    public void close() {
        Pumping.quietly(door::close);
        try {
            porter.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        open.forEach(socket -> Pumping.quietly(socket::close));
    }

    private void accept() throws IOException {
        for (int number = 1; ; number++) {
            Socket client = door.accept();
            Socket server = Relay.dialled(target, 0);
            if (server == null) {
                client.close();
                continue;
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            Line line = new Line(cuts.apply(number));
            if (line.cut != NONE) {
                lines.add(line);
            }
            if (line.cut != NONE && line.cut.behindBytes == 0) {
                end(client, server, line);
            }
            Pumping.start("cutting relay", () -> pump(client, server, line, false));
            Pumping.start("cutting relay", () -> pump(server, client, line, true));
        }
    }

    private void pump(Socket from, Socket to, Line line, boolean ofServer) throws IOException {
        byte[] bytes = new byte[READ_BYTES];
        AtomicLong passed = ofServer ? line.fromServer : line.fromClient;
        long most = line.cut != NONE && line.cut.fromServer == ofServer ? line.cut.behindBytes : Long.MAX_VALUE;
        try {
            for (int count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                // Behind the cut everything is taken, so that the system does not answer it with a reset, and thrown
                // away.
                if (!line.done) {
                    int now = (int) Math.min(count, most - passed.get());
                    to.getOutputStream().write(bytes, 0, now);
                    if (passed.addAndGet(now) == most) {
                        end(from, to, line);
                    }
                }
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            Pumping.quietly(from::close);
            Pumping.quietly(to::close);
        }
    }

    private void end(Socket one, Socket other, Line line) throws IOException {
        line.done = true;
        if (line.cut.reset) {
            one.setSoLinger(true, 0);
            other.setSoLinger(true, 0);
            one.close();
            other.close();
        } else {
            one.shutdownOutput();
            other.shutdownOutput();
        }
    }
}
