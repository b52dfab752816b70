package dev.polywire.bolt.session;

import dev.polywire.bolt.wire.AuthToken;
import io.vertx.core.Future;

/** The source of the login of each new connection: it can replace a token that expires. */
@FunctionalInterface
public interface AuthSource {

    Future<AuthToken> token();

    /** A constant token. */
    static AuthSource of(AuthToken token) {
        return () -> Future.succeededFuture(token);
    }
}
