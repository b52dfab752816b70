package dev.polywire.eventstore.wire;

/** Which way a page is read: each read of several events has two commands. */
public enum ReadDirection {
    FORWARD,
    BACKWARD;

    TcpCommand choose(TcpCommand forward, TcpCommand backward) {
        return this == FORWARD ? forward : backward;
    }
}
