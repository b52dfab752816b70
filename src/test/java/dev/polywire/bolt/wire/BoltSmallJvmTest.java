package dev.polywire.bolt.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Hostile sizes in 64 MB, and deep values on half the usual stack. */
class BoltSmallJvmTest {

    private static final int SMALL_STACK_BYTES = 512 * 1024;

    static final class Program {

        private static int kept;

        public static void main(String[] arguments) throws InterruptedException {
            Thread small = new Thread(null, Program::all, "small", SMALL_STACK_BYTES);
            small.setUncaughtExceptionHandler((thread, bug) -> {
                bug.printStackTrace();
                System.exit(7);
            });
            small.start();
            small.join();
            System.out.println(kept);
        }

        private static void all() {
            Stream.concat(HostileBolt.toServerAtOnce(), HostileBolt.toServer()).forEach(row -> {
                for (int i = 0; i < 20; i++) {
                    require(row, BoltHostileTest.server(List.of(row.bytes())));
                }
            });
            HostileBolt.toServerLoggedIn().forEach(row -> {
                for (int i = 0; i < 20; i++) {
                    require(row, BoltHostileTest.serverLoggedIn(List.of(row.bytes())));
                }
            });
            HostileBolt.toClient().forEach(row -> {
                for (int i = 0; i < 20; i++) {
                    require(row, BoltHostileTest.client(List.of(row.bytes())));
                }
            });
            // Compiled frames are not as large as interpreted ones.
            for (int i = 0; i < 500; i++) {
                deep();
            }
            sizes();
            manyWhoAnnounceMuch();
        }

        private static void require(HostileBolt.Row row, String outcome) {
            if (!row.outcome().equals(outcome)) {
                throw new IllegalStateException(row.id() + ": " + outcome + " (expected: " + row.outcome() + ")");
            }
        }

        /** As deep as may be, as lists, maps and nodes. */
        private static void deep() {
            for (String level : List.of("91", "a18161", "b34e0090a18161")) {
                int levels = level.startsWith("b3") ? 124 : 249;
                Buffer bytes = Vectors.bytes(level.repeat(levels) + "c0");
                Object value = Packed.read(bytes, BoltVersion.V4_4);
                kept += value.hashCode()
                        + Packed.write(value, BoltVersion.V4_4).length()
                        + value.toString().length();
            }
        }

        /** A few bytes that announce more than a message may have, again and again. */
        private static void sizes() {
            for (String hex : List.of("d6003d0901", "da003d0901", "ce01000001", "d201000001", "d6ffffffff", "dd7f4e")) {
                for (int i = 0; i < 10_000; i++) {
                    try {
                        Packed.reader(Vectors.bytes(hex), BoltVersion.V4_4).value();
                        throw new IllegalStateException(hex);
                    } catch (ProtocolException refused) {
                        kept++;
                    }
                }
            }
        }

        /** Five thousand connections, each with a chunk of 16,000 bytes of which three have come. */
        private static void manyWhoAnnounceMuch() {
            List<BoltServerMachine> all = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                BoltServerMachine server = new BoltServerMachine(Conversation.serverOptions(), FrameTap.NONE);
                server.start(0);
                server.receive(Vectors.bytes("6060b01700000405000000000000000000000000" + "3e80b101a1"), 0);
                server.nextEvent();
                server.takeOutput();
                all.add(server);
            }
            kept += all.size();
        }
    }

    @Test
    void hostilePeers() {
        SmallJvm.run(Program.class).requireClean();
    }
}
