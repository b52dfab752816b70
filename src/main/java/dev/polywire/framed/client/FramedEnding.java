package dev.polywire.framed.client;

import java.util.Locale;

/** Why a connection is down. */
public enum FramedEnding {
    /** Its peer has closed, between two messages. */
    ENDED,
    /** It broke. */
    LOST,
    /** Its peer broke the protocol or a limit, or did not finish a message. */
    VIOLATION,
    /** Both sides were silent for {@code idleTimeoutMillis}. */
    IDLE,
    /** Its peer took nothing of much for {@code slowPeerMillis}. */
    SLOW,
    /** Its user wanted so. */
    DISCONNECTED,
    /** Its peer was gone, and nobody has read its last messages. */
    UNREAD,
    /** The connector is closing. */
    LEAVING;

    /** The word on the bus. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
