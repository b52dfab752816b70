package dev.polywire.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** TCP in front of a server on loopback, which counts and can be cut and frozen: what happens to the wire, not to the server. */
public final class Relay implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final int receiveBufferBytes;
    private final Thread accepting;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final List<Socket> servers = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong fromClients = new AtomicLong();
    private final AtomicLong fromServers = new AtomicLong();
    private final Set<Socket> dead = ConcurrentHashMap.newKeySet();
    private volatile boolean frozen;
    private volatile boolean refuses;

    /** @param target the port of the server */
    public Relay(int target) {
        this(target, 0);
    }

    /** @param receiveBufferBytes how much waits here for a peer that does not read, at most, 0: the system's choice */
    public Relay(int target, int receiveBufferBytes) {
        this.target = target;
        this.receiveBufferBytes = receiveBufferBytes;
        listening = Ports.listen(receiveBufferBytes);
        accepting = Pumping.start("relay", this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** How many were made, since the beginning. */
    public int connections() {
        return connections.get();
    }

    /** Bytes that clients have sent. */
    public long bytesFromClients() {
        return fromClients.get();
    }

    /** Bytes that servers have sent. */
    public long bytesFromServers() {
        return fromServers.get();
    }

    /** Ends all connections as a killed process does: the clients get a reset, no FIN. */
    public void reset() {
        resetClients();
        for (Socket server : servers) {
            Pumping.quietly(server::close);
            servers.remove(server);
        }
    }

    /** As {@link #reset}, but the server hears nothing, and thinks that its clients are there. */
    public void resetClients() {
        for (Socket client : clients) {
            Pumping.quietly(() -> client.setSoLinger(true, 0));
            Pumping.quietly(client::close);
            clients.remove(client);
        }
    }

    /** From now on what is sent disappears, and nobody hears of it. */
    public void freeze() {
        frozen = true;
    }

    /** What is sent from now on passes. */
    public void thaw() {
        frozen = false;
    }

    /** What is sent on the connections that there are disappears for ever; those that are made later are not concerned. */
    public void halfOpen() {
        dead.addAll(clients);
        dead.addAll(servers);
    }

    /** From now on nobody gets through, as if nobody listened; or again. Connections that there are stay. */
    public void refuse(boolean refuses) {
        this.refuses = refuses;
    }

    /** Clients get bytes that no server has sent, in the middle of whatever they get. */
    public void babble(byte[] bytes) {
        for (Socket client : clients) {
            Pumping.quietly(() -> client.getOutputStream().write(bytes));
        }
    }

    /** Nobody listens at the port from then on: a thread in accept keeps the port open until it is woken. */
    @Override
    public void close() {
        Pumping.quietly(listening::close);
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
            if (refuses) {
                client.close();
                continue;
            }
            Socket server = dialled(target, receiveBufferBytes);
            if (server == null) {
                client.close();
                continue;
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            clients.add(client);
            servers.add(server);
            connections.incrementAndGet();
            Pumping.start("relay", () -> pump(client, server, fromClients));
            Pumping.start("relay", () -> pump(server, client, fromServers));
        }
    }

    /** To loopback. @return null: nobody listens there at the moment */
    static Socket dialled(int target, int receiveBufferBytes) throws IOException {
        Socket server = new Socket();
        if (receiveBufferBytes > 0) {
            server.setReceiveBufferSize(receiveBufferBytes);
        }
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            return server;
        } catch (ConnectException nobody) {
            server.close();
            return null;
        }
    }

    private void pump(Socket from, Socket to, AtomicLong counter) throws IOException {
        byte[] bytes = new byte[64 * 1024];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            counter.addAndGet(count);
            if (!frozen && !dead.contains(from)) {
                out.write(bytes, 0, count);
            }
        }
        to.shutdownOutput();
    }
}
