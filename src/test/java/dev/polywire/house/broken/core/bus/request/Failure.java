package dev.polywire.house.broken.core.bus.request;

/** What types failures: no rule reports it. */
public interface Failure {

    /** The name of one. */
    String UNKNOWN_OUTCOME = Failure.class.getName();

    static RuntimeException of(Throwable cause) {
        return new IllegalStateException(cause);
    }
}
