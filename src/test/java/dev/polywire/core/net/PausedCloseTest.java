package dev.polywire.core.net;

import dev.polywire.testing.SmallJvm;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What a paused socket has read and not given out goes back to Netty's pool when it closes. Vert.x 5.1.6 keeps it in the
 * connection, which nobody empties but a resume; the pool would be smaller by it for ever.
 */
class PausedCloseTest {

    static final class Program {

        private static final int ROUNDS = 4;
        private static final int READS = 50;

        private static final CallException CAUSE =
                new CallException(CallException.Reason.CONNECTION_LOST, "over", null);

        public static void main(String[] arguments) {
            List<Consumer<Dialled>> ends = List.of(
                    dialled -> dialled.loop.run(() -> dialled.socket().close(CAUSE)),
                    dialled -> dialled.loop.run(() -> dialled.socket().abort(CAUSE)),
                    dialled -> dialled.peer.close(),
                    dialled -> dialled.peer.reset());
            for (int i = 0; i < ROUNDS * ends.size(); i++) {
                try (Dialled dialled = new Dialled()) {
                    dialled.loop.run(() -> dialled.socket().pause());
                    // Vert.x takes some reads itself before it leaves any to Netty.
                    for (int piece = 0; piece < READS; piece++) {
                        dialled.peer.send("x");
                        // The loop looks at its sockets between two tasks.
                        dialled.loop.run(() -> {});
                    }
                    ends.get(i % ends.size()).accept(dialled);
                }
                // Netty's leak detector speaks when it makes the next buffer after the collector found a lost one.
                System.gc();
            }
        }
    }

    @Test
    void nothingIsLost() {
        SmallJvm.run(Program.class).requireClean();
    }
}
