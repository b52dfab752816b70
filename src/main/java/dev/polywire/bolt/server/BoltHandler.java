package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltRequest;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers what clients ask. Called on the context of the connection, for one request of a connection at a time; it must not
 * block, and its futures may complete on any thread.
 *
 * <p>A future that fails with a {@link dev.polywire.bolt.client.BoltException} ({@link Failures}) is a FAILURE with its
 * code; any other exception is one without its text, which goes to our log.
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
     * Who this is. By default everybody is who he says he is: for servers that only friends can reach.
     *
     * @return the name for {@link ServerSession#user}; fails with {@link Failures#unauthorized} for who is not let in. Wrong
     *     logins of an address are counted and slowed down
     */
    default Future<String> verifyAuth(ServerSession session, AuthToken token) {
        return Future.succeededFuture(token.fields().get("principal") instanceof String name ? name : "");
    }

    /** Begins a transaction. By default its queries are run one by one, and its end does nothing. */
    default Future<ServerTransaction> begin(ServerSession session) {
        return Future.succeededFuture(this::run);
    }

    /** Who serves a database; by default the client is sent to where it dialled. From Bolt 4.3 on, a procedure before. */
    default Future<ServerRoutes> route(ServerSession session, BoltRequest.Route request) {
        return Future.succeededFuture(ServerRoutes.single(request));
    }

    /**
     * Whether a user may ask for another's rights ({@link ServerSession#options}): by default nobody may, since who does not
     * look would give him his own.
     */
    default boolean mayImpersonate(ServerSession session, String other) {
        return false;
    }

    /** A connection that had come as far as a login is down; what was open was cancelled and rolled back. */
    default void closed(ServerSession session) {}
}
