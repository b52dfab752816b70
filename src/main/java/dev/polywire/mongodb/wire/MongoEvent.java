package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** The events of a client's connection. */
public sealed interface MongoEvent {

    /** The handshake is done; commands may be sent. */
    record Ready(HelloReply hello) implements MongoEvent {}

    /** The server answered the hello with {@code ok: 0}; the machine has failed. */
    record HandshakeRefused(Buffer reply) implements MongoEvent {

        /** Without the document. */
        @Override
        public String toString() {
            return "HandshakeRefused[replyBytes=" + reply.length() + "]";
        }
    }

    /**
     * A command is answered, with {@code ok: 1} or {@code ok: 0}.
     *
     * @param responseTo the request's id; the connection must check that there is such a request
     * @param message its documents are checked, and share memory with the receive buffer
     */
    record Reply(int responseTo, OpMsg message) implements MongoEvent {}

    /** The answer to one command holds a bad document; the connection continues. */
    record Undecodable(int responseTo, ProtocolException cause) implements MongoEvent {}
}
