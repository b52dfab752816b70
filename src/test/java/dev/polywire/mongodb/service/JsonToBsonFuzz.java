package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.JsonSeeds;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/** A caller's Extended JSON: DECODE, or a good document whose canonical form says the same document. */
public final class JsonToBsonFuzz implements FuzzTarget {

    private static final String OPTIONS =
            "{\"a\":{\"$regularExpression\":{\"pattern\":\"x\",\"options\":\"mi\\u00e9\\ud83d\\ude00\"}}}";

    @Override
    public String name() {
        return "json-to-bson";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.concat(
                        Stream.concat(JsonSeeds.texts(), Stream.of(OPTIONS)),
                        Vectors.lines("/extended-json.csv").stream()
                                .skip(1)
                                .map(line -> line.split("\\|"))
                                .filter(parts -> parts.length > 3)
                                .map(parts -> parts[3])
                                .flatMap(value -> Stream.of(value, "{\"a\":" + value + "}", "{\"a\":[" + value + "]}")))
                .map(Buffer::buffer);
    }

    @Override
    public void run(Buffer input) {
        JsonObject json;
        try {
            json = new JsonObject(input);
        } catch (DecodeException | ClassCastException notAnObject) {
            return;
        }
        Buffer document;
        try {
            document = ExtendedJson.encode(json);
        } catch (ProtocolException bad) {
            Complaint.require(bad, ProtocolException.Kind.DECODE);
            return;
        }
        JsonObject canonical =
                new JsonObject(ExtendedJson.decode(document, true).toBuffer());
        assertEquals(document, ExtendedJson.encode(canonical));
    }
}
