package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client may cost. */
class BoundsTest {

    private static final BoltVersion VERSION = BoltVersion.V5_8;

    private Served served;

    @AfterEach
    void close() {
        served.close();
    }

    private Served serve(int maxConnections, int maxBytes, long idleTimeoutMillis, ServerBounds.LoginBounds logins) {
        served = new Served(
                Served.bounds(maxConnections, maxBytes, 60_000, 0, idleTimeoutMillis, logins), Served.options(1_000));
        return served;
    }

    @Test
    void connections() {
        serve(3, 65_536, 0, Served.QUICK);
        List<RawBolt> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(RawBolt.ready(served.port, VERSION));
        }
        try (RawPeer fourth = RawPeer.connect(served.port)) {
            assertEquals(0, fourth.readToEnd().length);
        }
        assertEquals(1, served.loop.call(served.server::refusedConnections));
        three.remove(0).close();
        await().until(() -> served.loop.call(served.server::connections) == 2);
        three.add(RawBolt.ready(served.port, VERSION));
        three.forEach(RawBolt::close);
        await().until(() -> served.loop.call(served.server::connections) == 0);
    }

    /** Another address has room of its own. */
    @Test
    void connectionsOfOneAddress() throws IOException {
        served = new Served(
                new ServerBounds(10, 2, 65_536, 65_536, 100, 2_000, 0, 60_000, 0, Served.QUICK), Served.options(5_000));
        try (RawBolt one = RawBolt.ready(served.port, VERSION);
                RawBolt two = RawBolt.ready(served.port, VERSION);
                RawPeer three = RawPeer.connect(served.port);
                Socket other = new Socket(
                        InetAddress.getByName("127.0.0.1"), served.port, InetAddress.getByName("127.0.0.2"), 0)) {
            assertEquals(0, three.readToEnd().length);
            other.getOutputStream().write(RawBolt.handshake(VERSION).getBytes());
            assertEquals(0, other.getInputStream().read());
            one.close();
            await().until(() -> served.loop.call(served.server::connections) == 2);
            RawBolt.ready(served.port, VERSION).close();
        }
    }

    /** B07, B35, B36: a few bytes from time to time put nothing off. */
    @Test
    void strangersHaveUntilTheLoginIsDue() {
        serve(100, 65_536, 0, Served.QUICK);
        List<RawPeer> slow = new ArrayList<>();
        for (Buffer bytes : List.of(
                Buffer.buffer(),
                RawBolt.handshake(VERSION).getBuffer(0, 19),
                RawBolt.handshake(VERSION),
                RawBolt.handshake(VERSION).appendBytes(new byte[2_000]),
                RawBolt.handshake(VERSION).appendBuffer(Buffer.buffer(new byte[] {0x10, 0, 1, 2, 3})),
                RawBolt.handshake(VERSION)
                        .appendBuffer(RawBolt.bytes(VERSION, RawBolt.greeting(VERSION, RawBolt.ALICE)[0])))) {
            RawPeer peer = RawPeer.connect(served.port);
            peer.write(bytes);
            slow.add(peer);
        }
        for (RawPeer peer : slow) {
            peer.readToEnd();
            peer.close();
        }
        assertEquals(List.of(), served.handler.heard);
    }

    /** B38: what waits for a client that does not read is bounded, and he is dropped. */
    @Test
    void b38RowsForWhoDoesNotRead() {
        served = new Served(
                new ServerBounds(100, 100, 65_536, 65_536, 100, 1_100, 0, 60_000, 0, Served.QUICK),
                Served.options(1_000));
        RawBolt bolt = RawBolt.ready(served.port, VERSION);
        bolt.send(RawBolt.run("rows 100000000"), BoltRequest.Pull.ALL);
        bolt.expect("SUCCESS", "RECORD [0]");
        await().until(() -> served.loop.call(served.server::connections) == 0);
        // What the system's own buffers take is not ours to say.
        assertTrue(served.handler.made.get() < 5_000_000, () -> served.handler.made + " rows made");
        await().until(() -> served.handler.heard.contains("closed alice"));
        bolt.close();
    }

    @Test
    void b38RowsForWhoReadsLate() {
        serve(100, 65_536, 0, Served.QUICK);
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            bolt.send(RawBolt.run("rows 300000"), BoltRequest.Pull.ALL);
            bolt.expect("SUCCESS");
            for (int i = 0; i < 300_000; i++) {
                bolt.expect("RECORD [" + i + "]");
            }
            bolt.expect("SUCCESS");
        }
    }

    /** B38: 100,000 queries in a row are read as they are answered. */
    @Test
    void b38ManyQueriesAtOnce() {
        serve(100, 65_536, 0, Served.QUICK);
        try (RawBolt bolt = RawBolt.ready(served.port, VERSION)) {
            Buffer hundred = Buffer.buffer();
            for (int i = 0; i < 100; i++) {
                hundred.appendBuffer(RawBolt.bytes(VERSION, RawBolt.run("q"), BoltRequest.Pull.ALL));
            }
            CompletableFuture<Integer> written = CompletableFuture.supplyAsync(() -> {
                for (int i = 0; i < 1_000; i++) {
                    bolt.peer().write(hundred);
                }
                return 1_000;
            });
            for (int i = 0; i < 100_000; i++) {
                bolt.expect("SUCCESS", "RECORD [q]", "SUCCESS");
            }
            assertEquals(1_000, written.join());
        }
    }

    /** A handler that is busy is no reason to take in whatever comes, but a RESET is heard. */
    @Test
    void queriesBehindOneThatHangs() {
        served = new Served(Served.bounds(100, 65_536, 2_000, 0, 0, Served.QUICK), Served.options(1_000));
        RawBolt bolt = RawBolt.ready(served.port, VERSION);
        bolt.send(RawBolt.run("never"));
        await().until(() -> served.handler.heard.contains("run never"));
        bolt.send(BoltRequest.Pull.ALL, new BoltRequest.Reset());
        bolt.expect("IGNORED", "IGNORED", "SUCCESS");
        bolt.send(RawBolt.run("never"));
        Buffer large = RawBolt.bytes(VERSION, RawBolt.run("x".repeat(50_000)));
        CompletableFuture<Integer> flood = CompletableFuture.supplyAsync(() -> {
            int sent = 0;
            try {
                for (; sent < 2_000; sent++) {
                    bolt.peer().write(large);
                }
                return sent;
            } catch (UncheckedIOException closed) {
                return sent;
            }
        });
        // 100 MB do not fit between the two of them, unless they are read.
        await().during(Duration.ofMillis(500)).until(() -> !flood.isDone());
        bolt.peer().reset();
        assertTrue(flood.join() < 2_000);
        // Who is not read is not seen to go; the handler's time is.
        await().until(() ->
                served.handler.heard.stream().filter("cancelled run"::equals).count() == 2);
    }

    @Test
    void whoAsksNothing() {
        serve(100, 65_536, 1_100, Served.QUICK);
        try (RawBolt idle = RawBolt.ready(served.port, VERSION);
                RawBolt busy = RawBolt.ready(served.port, VERSION)) {
            busy.send(RawBolt.run("never"));
            idle.expect("end");
            assertEquals(1, served.loop.call(served.server::connections));
        }
    }

    /** B39 */
    @Test
    void b39WrongLoginsAreSlowAndThenUnseen() {
        serve(100, 65_536, 0, new ServerBounds.LoginBounds(20, 3, 60_000));
        long began = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            assertEquals("FAILURE " + Failures.UNAUTHORIZED, login(AuthToken.basic("alice", "guess" + i, null)));
        }
        assertTrue(System.nanoTime() - began >= 60_000_000);
        // Even the right one.
        assertEquals("FAILURE " + Failures.TOO_MANY_LOGINS, login(RawBolt.ALICE));
        assertEquals(4, served.loop.call(served.server::refusedLogins));
    }

    /** B39: names have room, and no more. */
    @Test
    void b39LongNames() {
        serve(100, 65_536, 0, Served.QUICK);
        assertEquals("FAILURE " + Failures.UNAUTHORIZED, login(AuthToken.basic("n".repeat(10_000), "x", null)));
        assertEquals("FAILURE Neo.ClientError.Request.Invalid", login(AuthToken.basic("n".repeat(20_000), "x", null)));
    }

    private String login(AuthToken token) {
        try (RawBolt bolt = RawBolt.connect(served.port, VERSION)) {
            bolt.peer().write(RawBolt.handshake(VERSION));
            bolt.requireVersion();
            bolt.send(RawBolt.greeting(VERSION, token));
            bolt.expect("SUCCESS");
            String answer = bolt.next();
            bolt.expect("end");
            return answer;
        }
    }
}
