package dev.polywire.app;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * How long each event loop has been silent, in ticks of the watchdog rather than by a clock: while the whole process is
 * stopped, nobody is silent. Allocates nothing after its construction.
 */
final class LoopSilence {

    private final AtomicIntegerArray ticks;
    private final @Nullable Thread[] threads;

    LoopSilence(int loops) {
        this.ticks = new AtomicIntegerArray(loops);
        this.threads = new Thread[loops];
    }

    /** Called on a loop that runs. */
    void ran(int loop) {
        threads[loop] = Thread.currentThread();
        ticks.set(loop, 0);
    }

    /** One tick. @return true when there is a loop that has not run for {@code longest} ticks */
    boolean tick(int longest) {
        boolean silent = false;
        for (int loop = 0; loop < ticks.length(); loop++) {
            silent |= ticks.incrementAndGet(loop) >= longest;
        }
        return silent;
    }

    /** The thread that has been silent for longest; null: it has never run. */
    @Nullable
    Thread longestSilent() {
        int longest = 0;
        for (int loop = 1; loop < ticks.length(); loop++) {
            longest = ticks.get(loop) > ticks.get(longest) ? loop : longest;
        }
        return threads[longest];
    }
}
