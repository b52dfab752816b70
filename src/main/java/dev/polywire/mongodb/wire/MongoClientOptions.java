package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Limits;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The options of a client for one connection.
 *
 * @param maxMessageBytes our own cap in both directions, 1 024 to 48 000 000 (default); the server's announcement can only
 *     lower it
 * @param client the client's identity
 * @param firstRequestId id of the hello, 1 to 2^31-1
 * @param handshakeTimeoutMillis from {@code start} until the client may send commands, 1 to 3 600 000, default 10 000
 * @param compressors offered in the hello, the best first; the first that the server has too is used; default none
 * @param checksum commands have a CRC-32C, which only servers from MongoDB 4.2 on accept; default false
 * @param login makes the login of a connection; null: there is none
 * @param serverApi declared on every command; null: none is
 * @param replicaSet the server must be in the set of this name; null: it may be in any, or none
 */
public record MongoClientOptions(
        int maxMessageBytes,
        ClientMetadata client,
        int firstRequestId,
        long handshakeTimeoutMillis,
        List<Compressor> compressors,
        boolean checksum,
        @Nullable Supplier<MongoLogin> login,
        @Nullable ServerApi serverApi,
        @Nullable String replicaSet) {

    public static final long DEFAULT_HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    public MongoClientOptions {
        Limits.range("maxMessageBytes", maxMessageBytes, 1_024, MessageHeader.MAX_MESSAGE_BYTES);
        Limits.range("firstRequestId", firstRequestId, 1, Integer.MAX_VALUE);
        Limits.range("handshakeTimeoutMillis", handshakeTimeoutMillis, 1, 3_600_000);
        compressors = List.copyOf(compressors);
    }

    /** Without compression, checksums and login. */
    public MongoClientOptions(
            int maxMessageBytes, ClientMetadata client, int firstRequestId, long handshakeTimeoutMillis) {
        this(maxMessageBytes, client, firstRequestId, handshakeTimeoutMillis, List.of(), false, null, null, null);
    }

    /** The defaults. */
    public MongoClientOptions(ClientMetadata client) {
        this(MessageHeader.MAX_MESSAGE_BYTES, client, 1, DEFAULT_HANDSHAKE_TIMEOUT_MILLIS);
    }

    /** The same with these compressors. */
    public MongoClientOptions withCompressors(List<Compressor> offered) {
        return with(offered, login, replicaSet);
    }

    /** The same with the login and the set of a URI. @param nonces {@link ScramHash#nonce} */
    public MongoClientOptions withUri(MongoUri uri, Supplier<String> nonces) {
        MongoCredential credential = uri.credential();
        List<MongoMechanism> mechanisms = uri.mechanisms();
        return with(
                compressors,
                credential == null ? null : () -> new MongoLogin(mechanisms, credential, nonces),
                uri.text(MongoUriOption.REPLICA_SET));
    }

    /** The same with this login. */
    public MongoClientOptions withLogin(@Nullable Supplier<MongoLogin> maker) {
        return with(compressors, maker, replicaSet);
    }

    private MongoClientOptions with(
            List<Compressor> offered, @Nullable Supplier<MongoLogin> maker, @Nullable String set) {
        return new MongoClientOptions(
                maxMessageBytes,
                client,
                firstRequestId,
                handshakeTimeoutMillis,
                offered,
                checksum,
                maker,
                serverApi,
                set);
    }
}
