package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kinds of cases of the BSON corpus specification that go one way only: degenerate JSON and BSON, errors of decoding and
 * of parsing. The values are ours. Those that go both ways are in {@link ExtendedJsonTest}.
 */
class ExtendedJsonRowsTest {

    private static final Map<String, String> KINDS = Map.of(
            "string", "\"x\"",
            "number", "42",
            "boolean", "false",
            "null", "null",
            "array", "[]",
            "object", "{}");

    private static Buffer encoded(String json) {
        return ExtendedJson.encode(new JsonObject("{\"a\":" + json + "}"));
    }

    private static String decoded(String element, boolean canonical) {
        return ExtendedJson.decode(ExtendedJsonTest.document(element), canonical)
                .encode();
    }

    private static void refused(String json, String path) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> encoded(json), json);
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        assertEquals(path, bad.getMessage().substring(0, bad.getMessage().indexOf(": ")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/extended-json-read.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void otherSpellings(String json, String element) {
        assertEquals(Vectors.hex(ExtendedJsonTest.document(element)), Vectors.hex(encoded(json)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/decimal128-read.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void otherSpellingsOfDecimals(String text, String value) {
        Buffer bson = encoded(new JsonObject().put("$numberDecimal", text).encode());
        assertEquals(Vectors.hex(ExtendedJsonTest.document("13 6100" + value)), Vectors.hex(bson));
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/bson-degenerate.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void bsonThatIsNotCanonical(String name, String element, String canonical) {
        assertEquals("{\"a\":" + canonical + "}", decoded(element, true), name);
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/bson-bad.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void bsonThatIsNone(String name, String elements) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> decoded(elements, false), name);
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/extended-json-bad.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void jsonThatIsNone(String json, String path) {
        refused(json, path);
    }

    @Test
    void decimalsOfTooManyCharacters() {
        String zeros = "0".repeat(8_191);
        assertEquals(encoded("{\"$numberDecimal\":\"1\"}"), encoded("{\"$numberDecimal\":\"" + zeros + "1\"}"));
        refused("{\"$numberDecimal\":\"0" + zeros + "1\"}", "a.$numberDecimal");
    }

    /** @param kinds of JSON that the value may be */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/extended-json-wrappers.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void typeWrappers(String key, String value, String kinds) {
        String field = "\"" + key + "\":" + value;
        encoded("{" + field + "}");
        List<String> wrong = new ArrayList<>(KINDS.keySet());
        wrong.removeAll(List.of(kinds.split(" ")));
        for (String kind : wrong) {
            refused("{\"" + key + "\":" + KINDS.get(kind) + "}", "a." + key);
        }
        for (String more : List.of("\"x\":1", "\"$oid\":\"\"", "\"\":null")) {
            if (!more.startsWith("\"" + key + "\"")) {
                refused("{" + field + "," + more + "}", "a." + key);
            }
        }
        // A value is no document: neither the whole one, nor the scope of code.
        ProtocolException whole =
                assertThrows(ProtocolException.class, () -> ExtendedJson.encode(new JsonObject("{" + field + "}")));
        assertEquals(key + ": a typed value (expected: a document)", whole.getMessage());
        refused("{\"$code\":\"\",\"$scope\":{" + field + "}}", "a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                            | 05000000 00
            {"$key":42}                                   | 0f000000 10 246b657900 2a000000 00
            {"":null,"$":true,".":[]}                     | 13000000 0a 00 08 2400 01 04 2e00 05000000 00 00
            {"$ref":"c","$id":7}                          | 1a000000 02 2472656600 02000000 6300 10 24696400 07000000 00
            {"$regex":"x","$options":"i","$and":1}        | 2d000000 02 247265676578 00 02000000 7800 02 246f7074696f6e7300 02000000 6900 10 24616e6400 01000000 00
            """)
    void wholeDocuments(String json, String hex) {
        Buffer bson = Vectors.bytes(hex);
        assertEquals(json, ExtendedJson.decode(bson, false).encode());
        assertEquals(Vectors.hex(bson), Vectors.hex(ExtendedJson.encode(new JsonObject(json))));
    }

    /** All types in one document, both ways in both forms; the numbers of the relaxed form say which types they had. */
    @Test
    void oneDocumentOfAllTypes() {
        StringBuilder all = new StringBuilder();
        String[] elements = {
            "01 c3a900 000000000000f83f",
            "02 6200 02000000 7800",
            "03 6300 05000000 00",
            "04 6400 05000000 00",
            "05 6500 01000000 80 ff",
            "06 6600",
            "07 6700 0102030405060708090a0b0c",
            "08 6800 01",
            "09 6900 e803000000000000",
            "0a 6a00",
            "0b 6b00 7800 6900",
            "0c 6c00 02000000 7800 0102030405060708090a0b0c",
            "0d 6d00 02000000 7800",
            "0e 6e00 02000000 7800",
            "0f 6f00 0f000000 02000000 7800 0500000000",
            "10 7000 07000000",
            "11 7100 0100000002000000",
            "12 7200 0000000001000000",
            "13 7300 0f000000000000000000000000003e30",
            "ff 7400",
            "7f 7500"
        };
        for (String element : elements) {
            all.append(element);
        }
        String others = "\"b\":\"x\",\"c\":{},\"d\":[],\"e\":{\"$binary\":{\"base64\":\"/w==\",\"subType\":\"80\"}},"
                + "\"f\":{\"$undefined\":true},\"g\":{\"$oid\":\"0102030405060708090a0b0c\"},\"h\":true,";
        String more = "\"j\":null,\"k\":{\"$regularExpression\":{\"pattern\":\"x\",\"options\":\"i\"}},"
                + "\"l\":{\"$dbPointer\":{\"$ref\":\"x\",\"$id\":{\"$oid\":\"0102030405060708090a0b0c\"}}},"
                + "\"m\":{\"$code\":\"x\"},\"n\":{\"$symbol\":\"x\"},\"o\":{\"$code\":\"x\",\"$scope\":{}},";
        String last = "\"s\":{\"$numberDecimal\":\"1.5\"},\"t\":{\"$minKey\":1},\"u\":{\"$maxKey\":1}}";
        String canonical =
                "{\"é\":{\"$numberDouble\":\"1.5\"}," + others + "\"i\":{\"$date\":{\"$numberLong\":\"1000\"}},"
                        + more + "\"p\":{\"$numberInt\":\"7\"},\"q\":{\"$timestamp\":{\"t\":2,\"i\":1}},"
                        + "\"r\":{\"$numberLong\":\"4294967296\"}," + last;
        String relaxed = "{\"é\":1.5," + others + "\"i\":{\"$date\":\"1970-01-01T00:00:01Z\"}," + more
                + "\"p\":7,\"q\":{\"$timestamp\":{\"t\":2,\"i\":1}},\"r\":4294967296," + last;
        assertEquals(canonical, decoded(all.toString(), true));
        assertEquals(relaxed, decoded(all.toString(), false));
        Buffer bson = ExtendedJsonTest.document(all.toString());
        assertEquals(Vectors.hex(bson), Vectors.hex(ExtendedJson.encode(new JsonObject(canonical))));
        assertEquals(Vectors.hex(bson), Vectors.hex(ExtendedJson.encode(new JsonObject(relaxed))));
    }

    /**
     * The one deviation from the Extended JSON specification, on purpose: its relaxed form has a plain number for every int64.
     * Ours keeps the canonical form where a reader whose numbers are doubles would take another number for it.
     */
    @ParameterizedTest
    @CsvSource({
        "ffffffffffff1f00, 9007199254740991, plain",
        "0000000000002000, 9007199254740992, plain",
        "0100000000002000, 9007199254740993, canonical",
        "ffffffffffffff7f, 9223372036854775807, canonical",
        "000000000000e0ff, -9007199254740992, plain",
        "ffffffffffffdfff, -9007199254740993, canonical",
        "0000000000000080, -9223372036854775808, canonical"
    })
    void deviationInt64BeyondTheIntegersOfADouble(String value, String number, String form) {
        String typed = "{\"a\":{\"$numberLong\":\"" + number + "\"}}";
        String plain = "{\"a\":" + number + "}";
        String element = "12 6100 " + value;
        assertEquals(form.equals("plain") ? plain : typed, decoded(element, false));
        assertEquals(typed, decoded(element, true));
        // The specification's form is read all the same.
        assertEquals(ExtendedJsonTest.document(element), ExtendedJson.encode(new JsonObject(plain)));
    }
}
