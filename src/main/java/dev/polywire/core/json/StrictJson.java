package dev.polywire.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole JSON document (RFC 8259) from an untrusted source: strict UTF-8, bounded depth and number length, no
 * duplicate names, no colliding names, no infinite numbers, no content after the end.
 */
public final class StrictJson {

    /** The cost of reading a longer number grows faster than its length. */
    public static final int MAX_NUMBER_CHARACTERS = 1_000;

    private static final int MAX_DEPTH = 1_000;

    private final JsonFactory factory;
    private final int maxDepth;
    private final int maxValues;

    /**
     * A document.
     *
     * @param value {@link JsonObject}, {@link JsonArray}, {@link String}, {@link Number}, {@link Boolean} or null
     * @param values how many values the document has, including itself: a measure of its size in memory
     * @param textBytes what its texts and names take in memory: not what they take in the document, see {@link
     *     JsonWeight#textBytes}
     */
    public record Document(@Nullable Object value, int values, long textBytes) {}

    /** Without a limit on values. @param maxDepth nested objects and arrays accepted, 1 to 1,000 */
    public StrictJson(int maxDepth) {
        this(maxDepth, Integer.MAX_VALUE);
    }

    /**
     * @param maxDepth nested objects and arrays accepted, 1 to 1,000
     * @param maxValues values of a document, at least 1: an empty object has two bytes on the wire and 72 in memory
     * @throws IllegalArgumentException when a depth is out of range: reading is recursive
     */
    public StrictJson(int maxDepth, int maxValues) {
        if (maxDepth < 1 || maxDepth > MAX_DEPTH) {
            throw new IllegalArgumentException("maxDepth: " + maxDepth + " (expected: 1 to " + MAX_DEPTH + ")");
        }
        this.maxDepth = maxDepth;
        this.maxValues = maxValues;
        // Untrusted field names are not interned in any table that outlives their document.
        factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(MAX_NUMBER_CHARACTERS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * @return {@link JsonObject}, {@link JsonArray}, {@link String}, {@link Number}, {@link Boolean} or null
     * @throws FieldException with the path {@code json}; the message holds no part of the document. Too many values, and
     *     names chosen to collide in hash maps, are {@link FieldException#isTooMuch}
     */
    public @Nullable Object read(Buffer document) {
        return document(document).value;
    }

    /** The same of a text. */
    public @Nullable Object read(String document) {
        return document(new StringReader(document)).value;
    }

    /** The same, and what it takes in memory. */
    public Document document(Buffer document) {
        return document(strictUtf8(document));
    }

    private Document document(Reader document) {
        try (JsonParser parser = factory.createParser(document)) {
            if (parser.nextToken() == null) {
                throw new FieldException("json", "empty (expected: a value)");
            }
            Reading reading = new Reading(parser);
            Object value = reading.value();
            if (parser.nextToken() != null) {
                throw new FieldException("json", "a second value (expected: one)");
            }
            return new Document(value, reading.values, reading.textBytes);
        } catch (StreamConstraintsException over) {
            throw new FieldException(
                    "json",
                    "over a limit (expected: at most " + maxDepth + " levels, and numbers of at most "
                            + MAX_NUMBER_CHARACTERS + " characters)");
        } catch (JsonProcessingException malformed) {
            throw malformed(malformed.getLocation());
        } catch (IOException notUtf8) {
            throw new FieldException("json", "not UTF-8");
        }
    }

    private static FieldException malformed(JsonLocation near) {
        return new FieldException(
                "json", "malformed near character " + near.getCharOffset() + " (expected: RFC 8259, no name twice)");
    }

    /** The parser's own decoder is not strict, and guesses encodings. */
    private static Reader strictUtf8(Buffer document) {
        return new InputStreamReader(
                new ByteArrayInputStream(document.getBytes()), StandardCharsets.UTF_8.newDecoder());
    }

    /** One document. */
    private final class Reading {

        private final JsonParser parser;
        private int values;
        private long textBytes;

        Reading(JsonParser parser) {
            this.parser = parser;
        }

        @Nullable
        Object value() throws IOException {
            if (++values > maxValues) {
                throw FieldException.tooMuch("json", "too many values (expected: <= " + maxValues + ")");
            }
            return switch (parser.currentToken()) {
                case START_OBJECT -> {
                    Members members = new Members();
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        String name = weighed(parser.currentName());
                        parser.nextToken();
                        if (!members.put(name, value())) {
                            throw malformed(parser.currentTokenLocation());
                        }
                    }
                    yield members.object();
                }
                case START_ARRAY -> {
                    JsonArray array = new JsonArray();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        array.add(value());
                    }
                    yield array;
                }
                case VALUE_STRING -> weighed(parser.getText());
                case VALUE_NUMBER_INT -> parser.getNumberValue();
                case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                default -> throw new FieldException("json", "malformed");
            };
        }

        private String weighed(String text) {
            textBytes += JsonWeight.textBytes(text);
            return text;
        }
    }

    private static double finite(double number) {
        if (Double.isInfinite(number)) {
            throw new FieldException("json", "a number beyond 64-bit floating point");
        }
        return number;
    }
}
