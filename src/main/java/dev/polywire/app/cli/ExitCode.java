package dev.polywire.app.cli;

import dev.polywire.core.bus.request.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The exit codes of the process; they never change, like the failures. The tens tell a script what it can do: 1x send a
 * different request, 2x repeat it later, 3x find out first whether it was executed. 5x: a
 * program that runs has ended itself.
 */
public final class ExitCode {

    public static final int OK = 0;
    /** The program cannot start, or has an internal error. */
    public static final int BROKEN = 1;
    /** A mistake on the command line or in a configuration. */
    public static final int USAGE = 2;
    /** A service failed with a code of its own. */
    public static final int OTHER_FAILURE = 41;
    /** The program has ended itself because it could not work: its heap was full, or an event loop was silent. */
    public static final int CANNOT_WORK = 50;
    /** The program was told to stop, and has ended itself because it did not within its time. */
    public static final int NOT_STOPPED = 51;
    /** The terminal is gone: the code that a shell gives for a program ended by SIGHUP. */
    public static final int HUNG_UP = 128 + 1;
    /** The reader of the output has closed it: the code that a shell gives for a program ended by SIGPIPE. */
    static final int NOBODY_READS = 128 + 13;

    private ExitCode() {}

    /** The exit code of a failed request. @param code the failure's code, as on the bus */
    static int of(int code) {
        Failure failure = Failure.of(code);
        return failure == null ? OTHER_FAILURE : of(failure);
    }

    private static int of(Failure failure) {
        return switch (failure) {
            case BAD_REQUEST -> 10;
            case UNAUTHENTICATED -> 11;
            case FORBIDDEN -> 12;
            case NOT_FOUND -> 13;
            case CONFLICT -> 14;
            case LIMIT_EXCEEDED -> 15;
            case OVERLOADED -> 20;
            case UNAVAILABLE -> 21;
            case CONNECTION_LOST -> 22;
            case SHUTTING_DOWN -> 23;
            case TIMEOUT -> 30;
            case CANCELLED -> 31;
            case INTERNAL -> 32;
            case UNKNOWN_OUTCOME -> 33;
            case PROTOCOL_VIOLATION -> 34;
            case NODE_LOST -> 35;
            case REFUSED_BY_SERVER -> 40;
        };
    }

    /** The name of a failure, for people and programs. @param given the name in the answer, or null */
    static String name(int code, @Nullable String given) {
        Failure failure = Failure.of(code);
        return given != null ? given : failure != null ? failure.name() : "FAILURE";
    }
}
