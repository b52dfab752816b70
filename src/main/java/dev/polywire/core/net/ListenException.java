package dev.polywire.core.net;

import java.io.IOException;
import java.net.BindException;

/** Nobody can listen at an endpoint. The message names it, says why, and what is expected. */
public final class ListenException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean taken;

    private ListenException(String message, boolean taken, Throwable cause) {
        super(message, cause);
        this.taken = taken;
    }

    /** @param target the host and port, {@code 127.0.0.1:7000} */
    public static ListenException at(String target, Throwable cause) {
        boolean taken = cause instanceof BindException
                && String.valueOf(cause.getMessage()).contains("in use");
        return new ListenException(
                taken
                        ? target + " is taken by another program (expected: a free port)"
                        : target + ": cannot listen: " + cause.getMessage()
                                + " (expected: an address of this machine, and a port that this user may have)",
                taken,
                cause);
    }

    /** Whether the port is in use, by another program or by this one. */
    public boolean isTaken() {
        return taken;
    }
}
