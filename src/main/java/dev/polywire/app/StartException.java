package dev.polywire.app;

/** A part of the program cannot start. The message names its file, line and name, and says why. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
