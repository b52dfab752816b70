package dev.polywire.mongodb.service;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonBounds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * A checked document out of an input: Extended JSON, where a fuzzer has not to keep lengths right, or the elements of BSON
 * without the length in front.
 */
public final class FuzzedDocument {

    private static final int LENGTH_BYTES = 4;

    private FuzzedDocument() {}

    /** The input that gives this document. */
    public static Buffer seed(Buffer document) {
        return document.getBuffer(LENGTH_BYTES, document.length());
    }

    /** The document of an input, or null when it is none. */
    public static Buffer of(Buffer input) {
        try {
            if (input.getByte(0) == '{') {
                return ExtendedJson.encode(new JsonObject(input));
            }
            Buffer document =
                    Buffer.buffer().appendIntLE(LENGTH_BYTES + input.length()).appendBuffer(input);
            BsonBounds.check(document);
            return document;
        } catch (ProtocolException | DecodeException none) {
            return null;
        }
    }
}
