package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** What a client's connection has to say. */
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
     * A command is answered, by {@code ok: 1} or {@code ok: 0}.
     *
     * @param responseTo the request's id; whether there is such a request is for the connection to know
     * @param message its documents share memory with the bytes received, and are checked
     */
    record Reply(int responseTo, OpMsg message) implements MongoEvent {}

    /** The answer to one command holds a bad document; the connection goes on. */
    record Undecodable(int responseTo, ProtocolException cause) implements MongoEvent {}
}
