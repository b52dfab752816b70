package dev.polywire.mongodb.service;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** For the benchmark: what the service makes of an answer. */
public final class AcceptedAnswer {

    private AcceptedAnswer() {}

    /** @param checked as the client gives it */
    public static JsonObject json(Buffer checked) {
        return MongoAnswer.accepted(ExtendedJson.decodeChecked(checked, false));
    }
}
