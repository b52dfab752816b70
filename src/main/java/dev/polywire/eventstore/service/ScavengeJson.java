package dev.polywire.eventstore.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What became of a scavenge. 4.1 answers at its end, later servers at its beginning. */
final class ScavengeJson {

    private ScavengeJson() {}

    /** {@code {result, scavengeId}} */
    static JsonObject of(EventStoreMessage answer) {
        if (answer instanceof ConnectionMessage.ScavengeDatabaseCompleted done) {
            return switch (done.result()) {
                case SUCCESS -> json("completed", null);
                case IN_PROGRESS -> json("inProgress", null);
                case FAILED -> throw refused(Failure.REFUSED_BY_SERVER, "Failed", done.error());
            };
        }
        ConnectionMessage.ScavengeDatabaseResponse begun = (ConnectionMessage.ScavengeDatabaseResponse) answer;
        return switch (begun.result()) {
            case STARTED -> json("started", begun.scavengeId());
            case IN_PROGRESS -> json("inProgress", begun.scavengeId());
            case UNAUTHORIZED -> throw refused(Failure.FORBIDDEN, "Unauthorized", null);
        };
    }

    private static JsonObject json(String result, @Nullable String id) {
        return new JsonObject().put("result", result).put("scavengeId", id);
    }

    private static RuntimeException refused(Failure failure, String reason, @Nullable String text) {
        return failure.because(
                text == null ? reason : reason + ": " + text, false, false, new JsonObject().put("reason", reason));
    }
}
