package dev.polywire.house.broken.core.bus;

/** What types failures: no rule reports it. */
public interface Failure {

    static RuntimeException of(Throwable cause) {
        return new IllegalStateException(cause);
    }
}
