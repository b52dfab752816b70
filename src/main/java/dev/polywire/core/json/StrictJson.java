package dev.polywire.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole JSON document (RFC 8259) that a stranger wrote: strict UTF-8, bounded depth and number length, no
 * duplicate names, no infinite numbers, nothing behind the end.
 */
public final class StrictJson {

    /** A number longer than this is an attack on arithmetic: a 1 MB integer costs quadratic time to read. */
    public static final int MAX_NUMBER_CHARACTERS = 1_000;

    private final JsonFactory factory;

    /** @param maxDepth nested objects and arrays accepted, 1 to 1,000 */
    public StrictJson(int maxDepth) {
        // Names of fields come from strangers: they are kept in no table that outlives their document.
        factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(MAX_NUMBER_CHARACTERS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * @return {@link JsonObject}, {@link JsonArray}, {@link String}, {@link Number}, {@link Boolean} or null
     * @throws FieldException with the path {@code json}; the message holds no part of the document
     */
    public @Nullable Object read(Buffer document) {
        try (JsonParser parser = factory.createParser(utf8(document))) {
            if (parser.nextToken() == null) {
                throw new FieldException("json", "empty (expected: a value)");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new FieldException("json", "a second value (expected: one)");
            }
            return value;
        } catch (IOException malformed) {
            throw new FieldException("json", "malformed");
        }
    }

    /** Jackson by itself guesses UTF-16 and UTF-32, and takes overlong forms and surrogates for UTF-8. */
    private static String utf8(Buffer document) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(document.getBytes()))
                .toString();
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                JsonObject object = new JsonObject();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                JsonArray array = new JsonArray();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new FieldException("json", "malformed");
        };
    }

    private static double finite(double number) {
        if (Double.isInfinite(number)) {
            throw new FieldException("json", "a number beyond 64-bit floating point");
        }
        return number;
    }
}
