package dev.polywire.mongodb.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.ToLongFunction;
import org.bson.BsonDocument;

/**
 * What a command of a {@link SmallMongo} waits for before it is done. Its connection's later requests wait behind it, others go on. A
 * command whose {@code maxTimeMS} is over meanwhile is answered with code 50 and not done.
 */
@FunctionalInterface
public interface CommandDelay {

    CommandDelay NONE = (vertx, command) -> Future.succeededFuture();

    /**
     * Called on the context of the server, for each command before its login is looked at, a hello included; for a hello whose answers
     * are a stream again before each answer.
     *
     * @param command its first field is its name
     * @return completes, on any thread, when it may be done; failed: its connection is reset
     */
    Future<?> before(Vertx vertx, BsonDocument command);

    /** So long for each command of a name. @param millis of a name; 0: not at all */
    static CommandDelay millis(ToLongFunction<String> millis) {
        return (vertx, command) -> {
            long wait = millis.applyAsLong(command.getFirstKey());
            return wait <= 0 ? Future.succeededFuture() : vertx.timer(wait);
        };
    }
}
