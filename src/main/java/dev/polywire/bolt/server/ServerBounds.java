package dev.polywire.bolt.server;

import dev.polywire.core.wire.Limits;

/**
 * The limits of a server, against the load of its clients.
 *
 * @param maxConnections at a time, 1 to 1,000,000, default 1,000; further ones are closed at once
 * @param maxConnectionsPerHost from one address, 1 to 1,000,000, default 200
 * @param maxOutputBytes unread output of a slow client, and a row or an answer, 1,024 to 1 GiB, default 1 MiB: at this
 *     limit no rows are requested and no requests read
 * @param maxWaitingBytes of requests read while another is in progress, 1,024 to 1 GiB, default 1 MiB; plus one read
 * @param maxOpenResults of a transaction, 1 to 1,000,000, default 1,000; a further query fails
 * @param stallTimeoutMillis a client that leaves output unread for so long is dropped, 1 to 3,600,000, default 30,000
 * @param idleTimeoutMillis a client that sends no request for so long, 1 to 604,800,000, is closed; 0: never. Default
 *     1 hour, which is how long drivers keep connections
 * @param handlerTimeoutMillis how long a handler may take for one answer or one page of rows, 1 to 86,400,000, default 60,000
 * @param transactionTimeoutMillis from BEGIN, or a query outside of transactions, to its end, 1 to 604,800,000; 0: no limit
 *     (default). A client may ask for less
 */
public record ServerBounds(
        int maxConnections,
        int maxConnectionsPerHost,
        int maxOutputBytes,
        int maxWaitingBytes,
        int maxOpenResults,
        long stallTimeoutMillis,
        long idleTimeoutMillis,
        long handlerTimeoutMillis,
        long transactionTimeoutMillis,
        LoginBounds logins) {

    public static final ServerBounds DEFAULT = new ServerBounds(
            1_000, 200, 1024 * 1024, 1024 * 1024, 1_000, 30_000, 3_600_000, 60_000, 0, LoginBounds.DEFAULT);

    /**
     * The consequences of wrong logins for their address.
     *
     * @param delayMillis from the handler's answer to the client's FAILURE, 0 to 10,000, default 1,000
     * @param maxWrong in a row; then all logins from the address are refused unchecked for a while, 1 to 1,000, default 5
     * @param lockMillis how long, 1 to 3,600,000, default 5,000
     */
    public record LoginBounds(long delayMillis, int maxWrong, long lockMillis) {

        public static final LoginBounds DEFAULT = new LoginBounds(1_000, 5, 5_000);

        public LoginBounds {
            Limits.range("delayMillis", delayMillis, 0, 10_000);
            Limits.range("maxWrong", maxWrong, 1, 1_000);
            Limits.range("lockMillis", lockMillis, 1, 3_600_000);
        }
    }

    public ServerBounds {
        Limits.range("maxConnections", maxConnections, 1, 1_000_000);
        Limits.range("maxConnectionsPerHost", maxConnectionsPerHost, 1, 1_000_000);
        Limits.range("maxOutputBytes", maxOutputBytes, 1_024, 1024 * 1024 * 1024);
        Limits.range("maxWaitingBytes", maxWaitingBytes, 1_024, 1024 * 1024 * 1024);
        Limits.range("maxOpenResults", maxOpenResults, 1, 1_000_000);
        Limits.range("stallTimeoutMillis", stallTimeoutMillis, 1, 3_600_000);
        Limits.range("idleTimeoutMillis", idleTimeoutMillis, 0, 604_800_000);
        Limits.range("handlerTimeoutMillis", handlerTimeoutMillis, 1, 86_400_000);
        Limits.range("transactionTimeoutMillis", transactionTimeoutMillis, 0, 604_800_000);
    }
}
