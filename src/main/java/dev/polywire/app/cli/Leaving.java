package dev.polywire.app.cli;

/** What is to be done when the process is told to end (Ctrl-C, SIGTERM) before this is closed. */
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
            // It runs.
        }
    }
}
