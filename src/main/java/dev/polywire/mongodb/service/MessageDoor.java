package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.session.MongoClient;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.RequestPurpose;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Answers {@link MongoService#send}: JSON to a message, one call, the answer's message to JSON. */
final class MessageDoor {

    private final MongoClient client;
    private final CallerRules rules;
    private final AnswerMemory memory;
    private final JsonToMessage reader;
    private final boolean moreToCome;

    /**
     * @param moreToCome whether the server says nothing to a command with this flag
     * @param dialect the application's own JSON of documents; null: Extended JSON
     */
    MessageDoor(
            MongoClient client,
            CallerRules rules,
            AnswerMemory memory,
            boolean moreToCome,
            @Nullable JsonDialect dialect) {
        this.moreToCome = moreToCome;
        this.client = client;
        this.rules = rules;
        this.memory = memory;
        this.reader = new JsonToMessage(dialect == null ? ExtendedJson::encode : dialect::document);
    }

    Future<JsonObject> send(JsonObject json, boolean canonical, Deadline deadline) {
        JsonToMessage.SendableMessage asked = reader.read(Fields.at("message", json));
        MongoMessage request = asked.message();
        RequestPurpose purpose = RequestPurpose.of(request);
        if (request instanceof OpMsg && purpose.database() == null) {
            throw Failure.BAD_REQUEST.because("body.$db: missing, or no text (expected: the database)");
        }
        if (request instanceof OpMsg command && command.moreToCome() && !moreToCome) {
            throw Failure.BAD_REQUEST.because(
                    "flagBits: moreToCome (expected: not, as the connector has moreToCome: false)");
        }
        rules.permit(request, purpose);
        MongoCall call = new MongoCall(request, purpose.reads(), deadline);
        if (asked.compressor() != null) {
            call.compressedWith(asked.compressor());
        }
        return request.hasReply()
                ? client.send(call).map(answer -> accepted(purpose, call, canonical, answer))
                : client.send(call).map(written -> new JsonObject());
    }

    private JsonObject accepted(RequestPurpose purpose, MongoCall call, boolean canonical, MongoMessage answer) {
        MongoMessage message = MessageAnswer.accepted(purpose, answer);
        return memory.message(
                message.messageBytes(),
                purpose.reads(),
                document -> new MessageToJson(document, canonical).json(message, call.replyCompressor()));
    }
}
