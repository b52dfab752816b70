package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpPublish;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Several messages published by one call, each with an outcome of its own. */
final class Publishes {

    private static final int MAX_MESSAGES = 10_000;

    private final Promise<JsonObject> answer = Promise.promise();
    private final TreeMap<Integer, JsonObject> failures = new TreeMap<>();
    private int left;

    private Publishes(int messages) {
        left = messages;
    }

    /** Reads all of them before the first one is sent. */
    static List<AmqpPublish> read(List<JsonObject> messages) {
        if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
            throw Failure.BAD_REQUEST.because(
                    "messages: " + messages.size() + " (expected: 1 to " + MAX_MESSAGES + ")");
        }
        List<AmqpPublish> read = new ArrayList<>(messages.size());
        for (JsonObject message : messages) {
            read.add(MessageJson.read(Fields.at("messages[" + read.size() + "]", message)));
        }
        return read;
    }

    /** @return {@code {confirmed, failures}} */
    static Future<JsonObject> send(AmqpClient client, List<AmqpPublish> messages, Deadline deadline) {
        Publishes publishes = new Publishes(messages.size());
        List<Future<Void>> all = client.publish(messages, deadline);
        for (int i = 0; i < all.size(); i++) {
            int place = i;
            all.get(i).onComplete(done -> publishes.settled(place, done.succeeded() ? null : done.cause(), all.size()));
        }
        return publishes.answer.future();
    }

    private void settled(int place, @Nullable Throwable cause, int messages) {
        if (cause != null) {
            failures.put(place, failure(place, AmqpFailure.of(cause)));
        }
        if (--left == 0) {
            answer.complete(new JsonObject()
                    .put("confirmed", messages - failures.size())
                    .put("failures", new JsonArray(new ArrayList<>(failures.values()))));
        }
    }

    private static JsonObject failure(int place, ServiceException failure) {
        return new JsonObject()
                .put("message", place)
                .put("code", failure.failureCode())
                .put("text", failure.getMessage())
                .mergeIn(failure.getDebugInfo());
    }
}
