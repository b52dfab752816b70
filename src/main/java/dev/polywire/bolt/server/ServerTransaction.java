package dev.polywire.bolt.server;

import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explicit transaction of one connection. Exactly one of {@link #commit} and {@link #rollback} is called: rollback also
 * when one of its requests fails, on its timeout, on RESET, and when the connection breaks.
 */
@FunctionalInterface
public interface ServerTransaction {

    /** Runs a query; results of earlier ones may still be open. The session's options are those of BEGIN. */
    Future<QueryResult> run(ServerSession session, String query, Map<String, @Nullable Object> parameters);

    /** @return a bookmark, or null */
    default Future<@Nullable String> commit(ServerSession session) {
        return Future.succeededFuture();
    }

    /** The next request of the connection waits for it. */
    default Future<?> rollback(ServerSession session) {
        return Future.succeededFuture();
    }
}
