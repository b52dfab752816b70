package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Session;

/** Garbage from ten sockets at a time, to a server of 64 MB, beside the official driver. */
class BoltMalformedTest {

    @Test
    void theOfficialDriverNeverNotices() {
        assertNobodyNotices();
    }

    static void assertNobodyNotices(String... seconds) {
        SmallJvm.run(Hostile.class, seconds).requireClean();
    }

    /** What runs in the small JVM. */
    static final class Hostile {

        private static final int THREADS = 10;
        private static final int SOCKETS_EACH = 20;
        private static final int MAX_REQUESTS = 30;

        private final Random random;

        private Hostile(int seed) {
            this.random = new Random(seed);
        }

        /** @param arguments for how many seconds; none: for some sockets */
        public static void main(String[] arguments) {
            try (Served served = new Served();
                    Driver driver = served.driver()) {
                driver.verifyConnectivity();
                List<Thread> ten = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    Hostile hostile = new Hostile(i);
                    Thread thread = new Thread(() -> hostile.attack(served.port, patience(arguments)));
                    thread.start();
                    ten.add(thread);
                }
                int queries = 0;
                for (int first = 0; ten.stream().anyMatch(Thread::isAlive); first = queries) {
                    queries += healthy(driver, first);
                }
                System.out.println(
                        queries + " queries, refused logins: " + served.loop.call(served.server::refusedLogins));
            }
        }

        private static BooleanSupplier patience(String[] arguments) {
            if (arguments.length == 0) {
                int[] left = {SOCKETS_EACH};
                return () -> left[0]-- > 0;
            }
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[0]));
            return () -> System.nanoTime() < endNanos;
        }

        private static int healthy(Driver driver, int n) {
            try (Session session = driver.session()) {
                requireEqual(
                        n,
                        session.run("give", Map.of("value", n)).single().get(0).asInt());
                requireEqual(2_500, session.run("rows 2500").list().size());
                requireEqual(
                        n,
                        session.executeWrite(transaction -> transaction
                                .run("give", Map.of("value", n))
                                .single()
                                .get(0)
                                .asInt()));
            }
            return 3;
        }

        private static void requireEqual(int expected, int actual) {
            if (expected != actual) {
                throw new AssertionError("noticed: " + actual + " (expected: " + expected + ")");
            }
        }

        private void attack(int port, BooleanSupplier goesOn) {
            while (goesOn.getAsBoolean()) {
                BoltVersion version = BoltVersion.ALL.get(random.nextInt(BoltVersion.ALL.size()));
                boolean loggedIn = random.nextBoolean();
                RawPeer peer = loggedIn ? RawBolt.ready(port, version).peer() : RawPeer.connect(port);
                try {
                    for (int left = random.nextInt(MAX_REQUESTS); left >= 0; left--) {
                        peer.write(malformed(version, loggedIn));
                    }
                } catch (UncheckedIOException closed) {
                    // It has seen enough.
                }
                end(peer);
            }
        }

        private void end(RawPeer peer) {
            if (random.nextBoolean()) {
                peer.reset();
            } else {
                peer.close();
            }
        }

        private Buffer malformed(BoltVersion version, boolean loggedIn) {
            Buffer valid = loggedIn || random.nextInt(3) == 0
                    ? RawBolt.bytes(version, request())
                    : RawBolt.handshake(version)
                            .appendBuffer(RawBolt.bytes(version, RawBolt.greeting(version, RawBolt.ALICE)));
            byte[] bytes = valid.getBytes();
            return switch (random.nextInt(6)) {
                case 0 -> noise(random.nextInt(20_000));
                case 1 -> valid.getBuffer(0, random.nextInt(bytes.length));
                case 2 -> Buffer.buffer(new byte[] {(byte) 0xff, (byte) 0xff}).appendBuffer(noise(0xffff));
                case 3 -> valid;
                default -> {
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                    }
                    yield Buffer.buffer(bytes);
                }
            };
        }

        private Buffer noise(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return Buffer.buffer(bytes);
        }

        private BoltRequest request() {
            return switch (random.nextInt(8)) {
                case 0 -> new BoltRequest.Begin(TransactionOptions.DEFAULT);
                case 1 -> new BoltRequest.Commit();
                case 2 -> new BoltRequest.Reset();
                case 3 -> BoltRequest.Pull.ALL;
                case 4 -> BoltRequest.Discard.ALL;
                case 5 -> RawBolt.run("never");
                case 6 -> RawBolt.run("rows 1000000");
                default -> RawBolt.run("x".repeat(random.nextInt(50_000)));
            };
        }
    }
}
