package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpPublish;
import dev.polywire.amqp.session.AmqpReply;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.RawDoor;
import dev.polywire.core.bus.request.Request;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The raw door, {@code <address>.raw}: the body as a buffer, the properties as headers; see {@link AmqpService}. */
final class RawMessageHandler implements RawDoor {

    static final Set<String> ACTIONS = Set.of("publish", "basicPublish", "request");

    private final AmqpClient client;

    RawMessageHandler(AmqpClient client) {
        this.client = client;
    }

    @Override
    public Future<Answer> answer(Request<Buffer> request) {
        Deadline deadline = request.deadline();
        AmqpPublish publish = read(request);
        return switch (String.valueOf(request.headers().get("action"))) {
            case "request" ->
                client.request(publish, deadline)
                        .map(reply -> new Answer(reply.content().body(), headers(reply)));
            case "publish" -> client.publish(publish, deadline).map(done -> Answer.NOTHING);
            default -> client.publishUnconfirmed(publish, deadline).map(done -> Answer.NOTHING);
        };
    }

    private static AmqpPublish read(Request<Buffer> request) {
        MultiMap headers = request.headers();
        String properties = headers.get("properties");
        BasicProperties read = properties == null
                ? BasicProperties.NONE
                : PropertiesJson.read(Fields.at("properties", object(properties)));
        return new AmqpPublish(
                name(headers, "exchange"),
                name(headers, "routingKey"),
                mandatory(headers.get("mandatory")),
                new Content(read, request.body()));
    }

    private static String name(MultiMap headers, String header) {
        String text = headers.get(header);
        return text == null ? "" : ShortText.check(header, text);
    }

    private static boolean mandatory(@Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        } else if (text.equals("true")) {
            return true;
        }
        throw Failure.BAD_REQUEST.because("mandatory: unknown (expected: true or false, in a header)");
    }

    private static JsonObject object(String json) {
        try {
            return new JsonObject(json);
        } catch (DecodeException malformed) {
            throw Failure.BAD_REQUEST.because("properties: malformed (expected: a JSON object, in a header)");
        }
    }

    private static DeliveryOptions headers(AmqpReply reply) {
        return new DeliveryOptions()
                .addHeader(
                        "properties",
                        PropertiesJson.json(reply.content().properties()).encode());
    }
}
