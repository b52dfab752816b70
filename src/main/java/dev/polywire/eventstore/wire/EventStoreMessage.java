package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * The message of a package: its command and its payload. Names of records and components are the protocol's since 20.6 (a leader
 * was a master before).
 *
 * <p>What a peer leaves out reads as zero, as "" or as no bytes, and is written so. A component is nullable when 5.0.11 leaves it
 * out in some packages and not in others. Fields that are not of the protocol are passed over.
 */
public sealed interface EventStoreMessage
        permits ConnectionMessage, WriteMessage, ReadMessage, SubscriptionMessage, PersistentMessage {

    /** Which of the commands this is; records have the name of theirs. */
    default TcpCommand command() {
        return TcpCommand.of(getClass());
    }

    /** Writes the payload; nothing, if there is none. @throws IllegalArgumentException when a text has no UTF-8 */
    default void write(PayloadWriter out) {}

    /** The payload, for {@link TcpPackage}. @throws IllegalArgumentException when a text has no UTF-8 */
    default Buffer payload() {
        PayloadWriter out = new PayloadWriter();
        write(out);
        return out.payload();
    }

    /**
     * Reads the message of a package.
     *
     * @param payload no part of it is kept, but by {@link ConnectionMessage.Ping}, {@link ConnectionMessage.Pong}, and {@link EventRecord} of a large one
     * @throws ProtocolException DECODE when it is not the command's message, a text is not UTF-8, or a result is unknown
     */
    static EventStoreMessage read(TcpCommand command, Buffer payload) {
        return command.read(new PayloadReader(command, payload));
    }
}
