package dev.polywire.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What stands between a connector and its peer, and breaks in every way that a network does:
 *
 * <pre>
 *   shut       connections are refused; those that stand go on
 *   silence    bytes are no longer taken on either side, and nobody hears why: a black hole
 *   reset      RST to both sides
 * </pre>
 */
public final class Gate implements AutoCloseable {

    /** Small, so that whoever writes into silence notices soon. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final int port;
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final Object speaking = new Object();
    private volatile int target;
    private volatile ServerSocket door;
    private volatile int lastPort;
    private Thread porter;
    private boolean silent;
    private boolean keeping;

    /** Open. @param target the port that connections go on to */
    public Gate(int target) {
        this.target = target;
        door = Ports.listen(BUFFER_BYTES);
        port = door.getLocalPort();
        porter = thread(this::accept);
    }

    public int port() {
        return port;
    }

    /** From the next connection on. */
    public void leadTo(int target) {
        this.target = target;
    }

    /** From now on: a closed port goes on listening for as long as a thread has not noticed in its accept. */
    public void shut() {
        close(door);
        try {
            porter.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    public void open() {
        door = Ports.listen(port, BUFFER_BYTES);
        porter = thread(this::accept);
    }

    public void silence() {
        silent(true);
    }

    /** Whether something has come since the silence began. */
    public boolean keepsBack() {
        synchronized (speaking) {
            return keeping;
        }
    }

    /** What was kept back goes on, unless its sender has reset the connection: then no network would have it any more. */
    public void speak() {
        silent(false);
    }

    /** All at once: while one is reset after the other, those that come back meanwhile are not spoken to. */
    public void reset() {
        letIn();
        List<Passage> all = List.copyOf(passages);
        boolean before = silent(true);
        all.forEach(Passage::reset);
        silent(before);
    }

    /** The system makes connections before the porter has seen them; he is done with those when he sees one more. */
    private void letIn() {
        if (door.isClosed()) {
            return;
        }
        try (Socket last = new Socket()) {
            last.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            lastPort = last.getLocalPort();
            last.connect(door.getLocalSocketAddress());
            last.getInputStream().read();
            lastPort = 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        shut();
        passages.forEach(Passage::end);
        speak();
    }

    /** @return whether it was silent */
    private boolean silent(boolean now) {
        synchronized (speaking) {
            boolean before = silent;
            silent = now;
            keeping = false;
            speaking.notifyAll();
            return before;
        }
    }

    private void accept() throws IOException {
        ServerSocket here = door;
        while (true) {
            Socket near = here.accept();
            if (near.getPort() == lastPort) {
                near.close();
                continue;
            }
            try {
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                new Passage(near, far).run();
            } catch (IOException nobodyThere) {
                near.close();
            }
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception closedBefore) {
            throw new AssertionError(closedBefore);
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** The end of a socket is the end of the work. */
    private static Thread thread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException ended) {
                        return;
                    }
                },
                "gate");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private final class Passage {

        private final Socket near;
        private final Socket far;
        private volatile boolean over;

        Passage(Socket near, Socket far) throws IOException {
            this.near = near;
            this.far = far;
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            passages.add(this);
        }

        void run() {
            thread(() -> pass(near, far));
            thread(() -> pass(far, near));
        }

        private void pass(Socket from, Socket to) throws IOException, InterruptedException {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] bytes = new byte[BUFFER_BYTES];
                for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    byte[] kept = listen() ? rest(from) : NOTHING;
                    out.write(bytes, 0, n);
                    out.write(kept);
                }
            } finally {
                end();
            }
        }

        /** @return whether there was a silence */
        private boolean listen() throws InterruptedException {
            synchronized (speaking) {
                boolean any = silent;
                keeping |= any;
                while (silent && !over) {
                    speaking.wait();
                }
                return any;
            }
        }

        /** What the system has taken during a silence. @throws IOException when the sender has reset the connection */
        private static byte[] rest(Socket from) throws IOException {
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            from.setSoTimeout(1);
            try {
                from.getInputStream().transferTo(rest);
            } catch (SocketTimeoutException thatWasAll) {
                from.setSoTimeout(0);
            }
            return rest.toByteArray();
        }

        void reset() {
            try {
                near.setSoLinger(true, 0);
                far.setSoLinger(true, 0);
            } catch (IOException closed) {
                return;
            } finally {
                end();
            }
        }

        /** The sockets first: what is kept back in a silence must not slip through when its end is told. */
        void end() {
            passages.remove(this);
            Gate.close(near);
            Gate.close(far);
            synchronized (speaking) {
                over = true;
                speaking.notifyAll();
            }
        }
    }
}
