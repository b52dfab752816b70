package dev.polywire.eventstore.client;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.EventStoreMessage;

/** What the server says to one correlation id. */
public interface Conversation {

    /** The server has said something. @return whether it was the last thing */
    boolean heard(EventStoreMessage message);

    /** The server has said something that cannot be read; it was the last thing. */
    void unreadable(ProtocolException why);

    /** The connection has ended. */
    void lost(RuntimeException cause);
}
