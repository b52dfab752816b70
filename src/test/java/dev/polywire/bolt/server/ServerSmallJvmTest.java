package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.HostileBolt;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A server of 64 MB among enemies. */
class ServerSmallJvmTest {

    static final class Program {

        private static final BoltVersion VERSION = BoltVersion.V5_8;
        private static final Served SERVED = new Served(
                Served.bounds(2_000, 256 * 1024, 60_000, 0, 0, Served.QUICK),
                new BoltServerOptions(
                        BoltServer.AGENT,
                        "",
                        BoltOffer.ALL,
                        new BoltLimits(1024 * 1024, 250, 100_000),
                        BoltLimits.UNAUTHENTICATED,
                        20_000,
                        20_000,
                        60_000,
                        1,
                        1_000));
        private static final RawBolt HEALTHY = RawBolt.ready(SERVED.port, VERSION);

        public static void main(String[] arguments) {
            vectors();
            vectorsOfFriends();
            announcements();
            garbage();
            whoDoesNotRead();
            whoDoesNotStop();
            HEALTHY.close();
            SERVED.close();
        }

        private static void healthy() {
            HEALTHY.send(RawBolt.run("healthy"), BoltRequest.Pull.ALL);
            HEALTHY.expect("SUCCESS", "RECORD [healthy]", "SUCCESS");
        }

        private static void vectors() {
            Stream.concat(HostileBolt.toServerAtOnce(), HostileBolt.toServer()).forEach(row -> {
                for (int i = 0; i < 5; i++) {
                    try (RawPeer peer = RawPeer.connect(SERVED.port)) {
                        write(peer, row.bytes());
                    }
                }
                healthy();
            });
        }

        /** From who is logged in, whole and cut in the middle; who is refused is told why. */
        private static void vectorsOfFriends() {
            HostileBolt.toServerLoggedIn().forEach(row -> {
                for (int at : new int[] {0, 1, 3, row.bytes().length() / 2}) {
                    try (RawBolt bolt = RawBolt.ready(SERVED.port, BoltVersion.V5_4)) {
                        Cuts.at(row.bytes(), at).forEach(piece -> write(bolt.peer(), piece));
                        if (row.outcome().equals("Request")) {
                            bolt.expect("SUCCESS");
                        } else if (row.outcome().equals("DECODE")
                                || row.outcome().equals("FRAMING")) {
                            bolt.expect("FAILURE Neo.ClientError.Request.Invalid", "end");
                        } else if (row.outcome().equals("LIMIT")) {
                            bolt.peer().readToEnd();
                        }
                    }
                }
                healthy();
            });
        }

        /** A thousand who announce 16 KB and send three bytes of it. */
        private static void announcements() {
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                RawPeer peer = RawPeer.connect(SERVED.port);
                peers.add(peer);
                peer.write(RawBolt.handshake(VERSION).appendBytes(new byte[] {0x3e, (byte) 0x80, (byte) 0xb1, 1, 2}));
            }
            healthy();
            peers.forEach(RawPeer::close);
        }

        /** From ten sockets at a time, with and without a login. */
        private static void garbage() {
            Random random = new Random(6);
            for (int i = 0; i < 200; i++) {
                List<RawPeer> ten = new ArrayList<>();
                for (int j = 0; j < 10; j++) {
                    byte[] bytes = new byte[random.nextInt(20_000)];
                    random.nextBytes(bytes);
                    RawPeer peer = j == 0 ? RawBolt.ready(SERVED.port, VERSION).peer() : RawPeer.connect(SERVED.port);
                    ten.add(peer);
                    write(peer, j > 5 ? RawBolt.handshake(VERSION).appendBytes(bytes) : Buffer.buffer(bytes));
                }
                healthy();
                ten.forEach(RawPeer::close);
            }
        }

        private static void whoDoesNotRead() {
            List<RawBolt> deaf = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawBolt bolt = RawBolt.ready(SERVED.port, VERSION);
                bolt.send(RawBolt.run("rows 1000000000"), BoltRequest.Pull.ALL);
                deaf.add(bolt);
            }
            for (RawBolt bolt : deaf) {
                bolt.expect("SUCCESS", "RECORD [0]");
                healthy();
            }
            deaf.forEach(RawBolt::close);
        }

        /** Queries of 50 KB behind one that hangs, as many as are taken. */
        private static void whoDoesNotStop() {
            Buffer query = RawBolt.bytes(VERSION, RawBolt.run("x".repeat(50_000)));
            List<RawBolt> loud = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                RawBolt bolt = RawBolt.ready(SERVED.port, VERSION);
                bolt.send(RawBolt.run("never"));
                loud.add(bolt);
                Thread writer = new Thread(() -> {
                    for (int j = 0; j < 1_000; j++) {
                        write(bolt.peer(), query);
                    }
                });
                writer.setDaemon(true);
                writer.start();
            }
            for (int i = 0; i < 100; i++) {
                healthy();
            }
            loud.forEach(bolt -> bolt.peer().reset());
            healthy();
        }

        private static void write(RawPeer peer, Buffer bytes) {
            try {
                peer.write(bytes);
            } catch (UncheckedIOException closed) {
                // It has seen enough.
            }
        }
    }

    @Test
    void enemies() {
        SmallJvm.run(Program.class).requireClean();
    }
}
