package dev.polywire.eventstore.session;

import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives each who asks by HTTP the same bytes, and closes. */
final class GossipDoor implements AutoCloseable {

    private final RawPeer.Door door = new RawPeer.Door();
    private final AtomicInteger asked = new AtomicInteger();
    private final Thread porter;

    GossipDoor(String answer) {
        porter = new Thread(() -> {
            try {
                while (true) {
                    RawPeer asking = door.accept();
                    asked.incrementAndGet();
                    answer(asking, answer);
                }
            } catch (RuntimeException closed) {
                // The test is over.
            }
        });
        porter.start();
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void answer(RawPeer asking, String answer) {
        try (asking) {
            asking.readByte();
            asking.write(Buffer.buffer(answer));
            asking.readToEnd();
        } catch (RuntimeException gone) {
            // It has heard enough.
        }
    }

    /** Connections so far. */
    int asked() {
        return asked.get();
    }

    int port() {
        return door.port();
    }

    @Override
    public void close() {
        door.close();
        try {
            porter.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
