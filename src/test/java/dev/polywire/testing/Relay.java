package dev.polywire.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** TCP in front of a server on loopback, which can be cut and frozen: what happens to the wire, not to the server. */
public final class Relay implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final Thread accepting;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<Socket> servers = new CopyOnWriteArrayList<>();
    private volatile boolean frozen;

    /** @param target the port of the server */
    public Relay(int target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        accepting = start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Ends all connections as a killed process does: the clients get a reset, no FIN. */
    public void reset() {
        resetClients();
        servers.forEach(server -> quietly(server::close));
        servers.clear();
    }

    /** As {@link #reset}, but the server hears nothing, and thinks that its clients are there. */
    public void resetClients() {
        for (Socket client : clients) {
            quietly(() -> client.setSoLinger(true, 0));
            quietly(client::close);
        }
        clients.clear();
    }

    /** From now on what is sent disappears, and nobody hears of it. */
    public void freeze() {
        frozen = true;
    }

    /** Nobody listens at the port from then on: a thread in accept keeps the port open until it is woken. */
    @Override
    public void close() {
        quietly(listening::close);
        try {
            accepting.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        reset();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            clients.add(client);
            servers.add(server);
            start(() -> pump(client, server));
            start(() -> pump(server, client));
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        byte[] bytes = new byte[64 * 1024];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            if (!frozen) {
                out.write(bytes, 0, count);
            }
        }
        to.shutdownOutput();
    }

    private interface Step {
        void take() throws IOException;
    }

    private static Thread start(Step step) {
        Thread thread = new Thread(() -> quietly(step), "relay");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void quietly(Step step) {
        try {
            step.take();
        } catch (IOException closedMeanwhile) {
            // It ends with its sockets.
        }
    }
}
