package dev.polywire.core.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * One client of a scripted server, for tests of our clients. Commands from any thread run in the order in which they were
 * given, on its own context.
 *
 * @param <E> the events of its machine
 */
public abstract class ScriptedConnection<E> extends Connection<E> {

    private final int number;
    private final Context context = Vertx.currentContext();

    protected ScriptedConnection(OpenSocket<E> socket, int number) {
        super(socket);
        this.number = number;
    }

    /** 1 for the first client that connected, and so on. */
    public final int number() {
        return number;
    }

    /** Stops reading, so that the client's writes accumulate and get no answer: a half-open peer. */
    public final void pause() {
        onContext(() -> hold(true));
    }

    /** Reads again. */
    public final void resume() {
        onContext(() -> hold(false));
    }

    /** Closes, after sending its output. */
    public final void close() {
        onContext(() -> close(new CallException(CallException.Reason.SHUTTING_DOWN, "the script closed it")));
    }

    /** Ends the socket with a reset, like a killed process. */
    public final void abort() {
        onContext(() -> socket().abort(CallException.lost("the script dropped it")));
    }

    /** Lets the machine send something, unless the client is gone. */
    protected final void write(Runnable what) {
        onContext(() -> {
            if (!isClosed()) {
                what.run();
                socket().flush();
            }
        });
    }

    protected final void onContext(Runnable step) {
        if (Vertx.currentContext() == context) {
            step.run();
        } else {
            context.runOnContext(now -> step.run());
        }
    }
}
