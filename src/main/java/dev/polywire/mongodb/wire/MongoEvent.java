package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The events of a client's connection. */
public sealed interface MongoEvent {

    /** The handshake is done; commands may be sent. */
    record Ready(HelloReply hello) implements MongoEvent {}

    /** The server answered the hello with {@code ok: 0}, or is another one; the machine has failed. @param why for people */
    record HandshakeRefused(String why) implements MongoEvent {}

    /** The login needs keys: {@link ScramDerivation#keys} where it blocks nobody, then {@link MongoClientMachine#computed}. */
    record DeriveKeys(ScramDerivation derivation) implements MongoEvent {}

    /** The server has refused our login, or we its answers; the machine has failed. @param why without secrets */
    record LoginRefused(AuthStep.AuthRefused why) implements MongoEvent {}

    /**
     * A request is answered; a command with {@code ok: 1} or {@code ok: 0}.
     *
     * @param responseTo the request's id; the connection must check that there is such a request, and that it has such answers
     * @param message {@link OpMsg} or {@link OpReply}; its documents are checked, and share memory with the receive buffer
     * @param compressor the one that it came with; null: it was not compressed
     */
    record Reply(
            int responseTo, MongoMessage message, @Nullable Compressor compressor) implements MongoEvent {

        /** One that was not compressed. */
        public Reply(int responseTo, MongoMessage message) {
            this(responseTo, message, null);
        }
    }

    /** The answer to one command holds a bad document; the connection continues. */
    record Undecodable(int responseTo, ProtocolException cause) implements MongoEvent {}
}
