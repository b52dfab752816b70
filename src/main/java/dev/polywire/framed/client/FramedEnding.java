package dev.polywire.framed.client;

import java.util.Locale;

/** Why a connection is down. */
public enum FramedEnding {
    /** The peer has closed, between two messages. */
    ENDED,
    /** The connection broke. */
    LOST,
    /** The peer broke the protocol or a limit, or did not finish a message. */
    VIOLATION,
    /** Both sides were silent for {@code idleTimeoutMillis}. */
    IDLE,
    /** The peer read nothing of a large backlog for {@code slowPeerMillis}. */
    SLOW,
    /** The user disconnected it. */
    DISCONNECTED,
    /** What the peer had sent was dropped unread: somebody else needed its place, or the connection broke before. */
    UNREAD,
    /** The connector is closing. */
    LEAVING;

    /** The word on the bus. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
