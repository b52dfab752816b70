package dev.polywire.bolt.wire;

/** Where a connection is (Bolt specification, server state), in the words of the newest version. */
public enum BoltState {
    /** Nothing was sent yet. */
    DISCONNECTED,
    /** The version is being agreed on. */
    HANDSHAKE,
    /** HELLO is due; CONNECTED in old versions. */
    NEGOTIATION,
    /** LOGON is due; from 5.1 on. */
    AUTHENTICATION,
    /** A query or a transaction may begin. */
    READY,
    /** A query outside of transactions has records to give. */
    STREAMING,
    /** In a transaction, with no result open. */
    TX_READY,
    /** In a transaction, with results open. */
    TX_STREAMING,
    /** A request failed; those behind it are ignored until a RESET. */
    FAILED,
    /** A RESET has come; what came before it is ignored. */
    INTERRUPTED,
    /** The connection is of no more use. Final. */
    DEFUNCT
}
