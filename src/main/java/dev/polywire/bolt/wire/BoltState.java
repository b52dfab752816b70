package dev.polywire.bolt.wire;

/** The state of a connection (Bolt specification, server state), with the names of the newest version. */
public enum BoltState {
    /** Nothing was sent yet. */
    DISCONNECTED,
    /** The version is being negotiated. */
    HANDSHAKE,
    /** HELLO is due; CONNECTED in old versions. */
    NEGOTIATION,
    /** LOGON is due; from 5.1 on. */
    AUTHENTICATION,
    /** A query or a transaction may begin. */
    READY,
    /** A query outside of transactions has unread records. */
    STREAMING,
    /** In a transaction, with no result open. */
    TX_READY,
    /** In a transaction, with results open. */
    TX_STREAMING,
    /** A request failed; those after it are ignored until a RESET. */
    FAILED,
    /** A RESET has arrived; requests before it are ignored. */
    INTERRUPTED,
    /** The connection has ended. Final. */
    DEFUNCT
}
