package dev.polywire.framed.service;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;

/**
 * Payloads as messages of the bus: an object with one field, and beside it the connection.
 *
 * @param field the field of the value
 * @param codecName for failure texts
 */
record FramedFormat(String field, PayloadCodec codec, Notation notation, String codecName) {

    private static final Set<String> PLAIN = Set.of("connection");

    /** The format of an application's own codec. */
    static FramedFormat of(PayloadCodec codec) {
        return new FramedFormat("value", codec, Notation.TYPED, "given");
    }

    /**
     * Reads a payload as a message.
     *
     * @throws ProtocolException DECODE or LIMIT; any other exception of a codec becomes a DECODE as well: a peer caused it
     */
    JsonObject read(Buffer payload) {
        try {
            return new JsonObject().put(field, notation.toJson(codec.decode(payload)));
        } catch (ProtocolException unreadable) {
            throw ProtocolException.of(unreadable.kind(), "payload: " + unreadable.getMessage());
        } catch (RuntimeException broken) {
            throw ProtocolException.decode(
                    "payload: the codec failed with " + broken.getClass().getSimpleName());
        }
    }

    /**
     * The payload of a message from the bus; the caller reads its field {@code connection}.
     *
     * @throws FieldException when it is not a message of this codec
     */
    Buffer write(JsonObject message) {
        return write(message, PLAIN);
    }

    /** The same. @param others fields that the caller reads */
    Buffer write(JsonObject message, Set<String> others) {
        if (!message.containsKey(field)) {
            throw new FieldException(
                    "message." + field, "missing (expected with codec " + codecName.toLowerCase(Locale.ROOT) + ")");
        }
        for (String name : message.fieldNames()) {
            if (!name.equals(field) && !others.contains(name)) {
                throw new FieldException("message." + name, "unknown field");
            }
        }
        try {
            return codec.encode(notation.toPlain(message.getValue(field)));
        } catch (IllegalArgumentException unfit) {
            throw new FieldException("message." + field, String.valueOf(unfit.getMessage()));
        }
    }
}
