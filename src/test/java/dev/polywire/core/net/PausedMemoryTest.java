package dev.polywire.core.net;

import dev.polywire.testing.Loop;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.SmallJvm;
import dev.polywire.testing.TextMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a socket that nobody reads costs, while its peer sends as much as the kernel takes. */
class PausedMemoryTest {

    /** What runs in the small JVM. */
    static final class Program {

        private static final int SOCKETS = 20;
        private static final int SENT_BYTES = 4 * 1024 * 1024;
        private static final long MAX_BYTES = 100 * 1024;
        /** How often the loop looks at its sockets until it is sure to have read what it wants. */
        private static final int TURNS = 500;

        private Program() {}

        public static void main(String[] arguments) throws IOException {
            try (Loop loop = new Loop()) {
                List<MachineSocket<String>> accepted = new CopyOnWriteArrayList<>();
                Acceptor acceptor = new Acceptor(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), "text", Spi.NONE);
                int port = loop.join(() -> acceptor.listen(socket -> {
                    MachineSocket<String> each = TextConnection.attach(socket, new TextMachine(), new Recorder());
                    each.pause();
                    accepted.add(each);
                }));
                List<SocketChannel> peers = new ArrayList<>();
                for (int i = 0; i < SOCKETS; i++) {
                    SocketChannel peer =
                            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    peer.configureBlocking(false);
                    peers.add(peer);
                }
                ByteBuffer sent = ByteBuffer.allocateDirect(SENT_BYTES);
                sent.putInt(0, TextMachine.MAX_TEXT_BYTES);
                while (accepted.size() < SOCKETS) {
                    loop.run(() -> {});
                }
                long before = heldBytes();
                for (SocketChannel peer : peers) {
                    peer.write(sent.duplicate());
                }
                for (int turn = 0; turn < TURNS; turn++) {
                    loop.run(() -> {});
                    for (SocketChannel peer : peers) {
                        peer.write(ByteBuffer.allocate(1));
                    }
                }
                long each = (heldBytes() - before) / SOCKETS;
                if (each > MAX_BYTES) {
                    throw new AssertionError(each + " bytes for each socket (expected: <= " + MAX_BYTES + ")");
                }
                for (SocketChannel peer : peers) {
                    peer.close();
                }
            }
        }

        /** In the heap and outside it. */
        private static long heldBytes() {
            long before = Long.MAX_VALUE;
            long now = once();
            // What the programs before this one have left goes over several collections.
            while (now < before) {
                before = now;
                now = once();
            }
            return now;
        }

        private static long once() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory() + directBytes();
        }

        private static long directBytes() {
            return io.netty.buffer.PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        }
    }

    @Test
    void aPausedSocketLeavesTheRestInTheKernel() {
        SmallJvm.run(Program.class).requireClean();
    }
}
