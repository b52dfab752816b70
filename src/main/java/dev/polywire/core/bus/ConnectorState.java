package dev.polywire.core.bus;

import java.util.Locale;

/** Where a connector stands, as {@code status} and its events say it. */
public enum ConnectorState {
    /** Its peer has not been reached yet. */
    CONNECTING,
    READY,
    /** Its peer was lost, and is tried again. */
    RECOVERING,
    /** Its peer does not take work for now. */
    BLOCKED,
    CLOSED;

    /** The word on the bus. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
