package dev.polywire.bolt.session;

import dev.polywire.bolt.wire.AuthToken;
import io.vertx.core.Future;

/** Who we are, asked for each new connection: one that runs out is followed by another. */
@FunctionalInterface
public interface AuthSource {

    Future<AuthToken> token();

    /** Always the same. */
    static AuthSource of(AuthToken token) {
        return () -> Future.succeededFuture(token);
    }
}
