package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltRequest;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of clients. Called on the context of the connection, for one request of a connection at a time; it
 * must not block, and its futures may complete on any thread.
 *
 * <p>A future that fails with a {@link dev.polywire.bolt.client.BoltException} ({@link Failures}) causes a FAILURE with its
 * code; any other exception causes a FAILURE without its text, which is logged.
 */
@FunctionalInterface
public interface BoltHandler {

    /**
     * Runs a query outside of transactions.
     *
     * @param parameters as {@link dev.polywire.bolt.wire.PackStreamReader#value} has them
     */
    Future<QueryResult> run(ServerSession session, String query, Map<String, @Nullable Object> parameters);

    /**
     * Authenticates a client. By default every login succeeds: for servers that only trusted clients can reach.
     *
     * @return the name for {@link ServerSession#user}; fails with {@link Failures#unauthorized} for a wrong login. Wrong
     *     logins of an address are counted and delayed
     */
    default Future<String> verifyAuth(ServerSession session, AuthToken token) {
        return Future.succeededFuture(token.fields().get("principal") instanceof String name ? name : "");
    }

    /** Begins a transaction. By default its queries run one by one, and COMMIT and ROLLBACK do nothing. */
    default Future<ServerTransaction> begin(ServerSession session) {
        return Future.succeededFuture(this::run);
    }

    /**
     * The servers of a database, for ROUTE and for the procedure that was before it; by default the address that the client
     * dialled, or if it does not say which, {@link ServerPeer#server}.
     */
    default Future<ServerRoutes> route(ServerSession session, BoltRequest.Route request) {
        return Future.succeededFuture(
                ServerRoutes.single(request, session.peer().server()));
    }

    /**
     * Whether a user may act with another user's rights ({@link ServerSession#options}): by default not, because a handler
     * that ignores the option would use the rights of the first user.
     */
    default boolean mayImpersonate(ServerSession session, String other) {
        return false;
    }

    /** A connection that had sent a login is closed; its open results were cancelled, its transaction was rolled back. */
    default void closed(ServerSession session) {}
}
