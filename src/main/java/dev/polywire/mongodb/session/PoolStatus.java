package dev.polywire.mongodb.session;

/**
 * A pool at one moment.
 *
 * @param idle open connections on which nothing is in flight
 * @param inUse the other open ones
 * @param connecting those that are being opened
 * @param waiting commands that wait for a connection
 * @param generation how often all connections were given up together
 * @param dedicated connections beside the pool, those that are being opened too
 */
public record PoolStatus(int idle, int inUse, int connecting, int waiting, int generation, int dedicated) {}
