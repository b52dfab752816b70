package dev.polywire.mongodb.wire;

/** The states of a client's connection. */
public enum MongoState {
    /** Nothing has been sent; the client sends first. */
    CONNECTED,
    /** The hello is sent and not answered. */
    HELLO_SENT,
    /** The hello is answered, and the conversation of the login goes on; nothing else may be sent. */
    AUTHENTICATING,
    /** Commands may be sent. */
    READY,
    /** The server has closed the connection between two messages. Final. */
    CLOSED,
    /** The protocol was broken, or the server refused. Final. */
    FAILED;

    public boolean isFinal() {
        return this == CLOSED || this == FAILED;
    }
}
