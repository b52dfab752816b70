package dev.polywire.mongodb.service;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonBounds;
import dev.polywire.mongodb.wire.BsonFields;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * An application's own JSON in place of {@link ExtendedJson}. Whatever its codec throws is a failure of that caller alone:
 * BAD_REQUEST for a value that it refuses, INTERNAL for everything else. What it makes is checked.
 */
final class JsonDialect {

    private static final Logger LOG = System.getLogger(JsonDialect.class.getName());

    private final BsonCodec<JsonObject> codec;

    JsonDialect(BsonCodec<JsonObject> codec) {
        this.codec = codec;
    }

    /**
     * A command in BSON, its name first, whatever the order of the JSON.
     *
     * @throws ProtocolException DECODE when {@code arguments} has no field {@code name}
     * @throws io.vertx.serviceproxy.ServiceException BAD_REQUEST, INTERNAL
     */
    Buffer command(JsonObject arguments, String name) {
        ExtendedJson.requireName(arguments, name);
        JsonObject ordered = new JsonObject().put(name, arguments.getValue(name));
        arguments.forEach(field -> ordered.put(field.getKey(), field.getValue()));
        Buffer command = document(ordered);
        if (!BsonFields.firstName(command).equals(name)) {
            throw defect(new IllegalStateException("the first field of the BSON is not that of the JSON"), false);
        }
        return command;
    }

    /** A document in BSON. @throws io.vertx.serviceproxy.ServiceException BAD_REQUEST, INTERNAL */
    Buffer document(JsonObject json) {
        Buffer document = encode(json);
        try {
            BsonBounds.check(document);
        } catch (RuntimeException notBson) {
            throw defect(notBson, false);
        }
        return document;
    }

    private Buffer encode(JsonObject command) {
        try {
            return codec.encode(command);
        } catch (ProtocolException | IllegalArgumentException refused) {
            throw Failure.BAD_REQUEST.because(refused.getMessage());
        } catch (RuntimeException | StackOverflowError defect) {
            throw defect(defect, false);
        }
    }

    /** @param mayHaveExecuted whether the command that the document answers may have changed something */
    JsonObject decode(Buffer checked, boolean mayHaveExecuted) {
        try {
            return Objects.requireNonNull(codec.decode(checked), "JSON");
        } catch (RuntimeException | StackOverflowError defect) {
            throw defect(defect, mayHaveExecuted);
        }
    }

    private static RuntimeException defect(Throwable thrown, boolean mayHaveExecuted) {
        LOG.log(Level.ERROR, "the codec of an application failed", thrown);
        return Failure.INTERNAL.because("the connector's codec failed", false, mayHaveExecuted, null);
    }
}
