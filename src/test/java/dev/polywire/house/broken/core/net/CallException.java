package dev.polywire.house.broken.core.net;

/** Where it is decided what a lost connection means: no rule reports it. */
public interface CallException {

    /** Some of the reasons. */
    enum Reason {
        TIMEOUT,
        CONNECTION_LOST,
        UNKNOWN_OUTCOME
    }
}
