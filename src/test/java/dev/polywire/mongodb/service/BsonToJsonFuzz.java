package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.mongodb.wire.BsonBoundsFuzz;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/**
 * A server's document as JSON: it has a text in both forms. The canonical one gives the document back, or is refused when
 * something stored looks like a typed value.
 */
public final class BsonToJsonFuzz implements FuzzTarget {

    @Override
    public String name() {
        return "bson-to-json";
    }

    @Override
    public Stream<Buffer> seeds() {
        return BsonBoundsFuzz.documents().map(FuzzedDocument::seed);
    }

    @Override
    public void run(Buffer input) {
        Buffer document = FuzzedDocument.of(input);
        if (document == null) {
            return;
        }
        ExtendedJson.decode(document, false).toBuffer();
        JsonObject canonical = ExtendedJson.decode(document, true);
        Buffer text = canonical.toBuffer();
        Buffer again;
        try {
            again = ExtendedJson.encode(new JsonObject(text));
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        assertEquals(text, ExtendedJson.decode(again, true).toBuffer());
    }
}
