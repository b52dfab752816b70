package dev.polywire.mongodb.service;

import dev.polywire.mongodb.server.ScriptedHello;
import dev.polywire.mongodb.wire.OpMsg;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A server on threads of its own that answers every command alike, from one array: whatever it sends, it holds it once, and
 * outside of the memory budget that is under test.
 */
final class BlockingMongo implements AutoCloseable {

    private final ServerSocket door;
    private volatile byte[] answer = {};

    BlockingMongo() {
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
        new Thread(this::accept, "blocking-mongo").start();
    }

    int port() {
        return door.getLocalPort();
    }

    /** @param document from now on the answer to every command */
    void answer(byte[] document) {
        answer = document;
    }

    /** Its threads end with their sockets. */
    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket peer = door.accept();
                new Thread(() -> serve(peer), "blocking-mongo-peer").start();
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serve(Socket peer) {
        byte[] hello = ScriptedHello.today().getBytes();
        try (peer) {
            DataInputStream in = new DataInputStream(peer.getInputStream());
            for (boolean first = true; ; first = false) {
                Buffer header = Buffer.buffer(in.readNBytes(16));
                in.readNBytes(header.getIntLE(0) - 16);
                reply(peer.getOutputStream(), header.getIntLE(4), first ? hello : answer);
            }
        } catch (IOException | IndexOutOfBoundsException gone) {
            // The end of this one.
        }
    }

    private static void reply(OutputStream out, int responseTo, byte[] document) throws IOException {
        Buffer head = Buffer.buffer()
                .appendIntLE(16 + 4 + 1 + document.length)
                .appendIntLE(1)
                .appendIntLE(responseTo)
                .appendIntLE(OpMsg.OP_CODE)
                .appendIntLE(0)
                .appendByte((byte) 0);
        out.write(head.getBytes());
        out.write(document);
    }
}
