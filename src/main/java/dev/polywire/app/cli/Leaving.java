package dev.polywire.app.cli;

/** The action when the process receives a signal (Ctrl-C, SIGTERM) before this is closed. */
final class Leaving implements AutoCloseable {

    private final Thread hook;

    Leaving(Runnable last) {
        hook = new Thread(last, "leaving");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException leaving) {
            // The action is running.
        }
    }
}
