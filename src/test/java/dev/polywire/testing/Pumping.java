package dev.polywire.testing;

import java.io.IOException;

/** What relays share: threads that end with their sockets. */
final class Pumping {

    interface Step {
        void take() throws IOException;
    }

    private Pumping() {}

    static Thread start(String name, Step step) {
        Thread thread = new Thread(() -> quietly(step), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void quietly(Step step) {
        try {
            step.take();
        } catch (IOException closedMeanwhile) {
            // It ends with its sockets.
        }
    }
}
