package dev.polywire.mongodb.session;

/** Whoever asks whether the server is there, as long as a connection to it is open, of a pool or beside it. */
public interface PoolWatch {

    /** A connection is open; told of each. */
    void begin();

    /** None is open any more, and the pool is not ready; may be told again. */
    void end();
}
