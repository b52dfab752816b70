package dev.polywire.core.bus;

import java.util.Locale;

/** The state of a connector, as {@code status} and its events show it. */
public enum ConnectorState {
    /** The peer has not been reached yet. */
    CONNECTING,
    READY,
    /** The connection to the peer was lost, and the connector retries. */
    RECOVERING,
    /** The peer accepts no work for now. */
    BLOCKED,
    CLOSED;

    /** The state's name on the bus. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
