package dev.polywire.spi;

import dev.polywire.testing.Loop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One whose peer is scripted, on a loop of its own, and keeps the answers that it is told to hold. */
abstract class LoopStand extends Stand {

    final Loop serving = new Loop();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    final void hold(Runnable answer) {
        held.add(answer);
    }

    @Override
    final void release() {
        serving.run(() -> held.forEach(Runnable::run));
    }

    @Override
    final void closePeer() {
        serving.close();
    }
}
