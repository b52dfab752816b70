package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BSON and its two JSON forms; the rows are in {@code extended-json.csv}. */
class ExtendedJsonTest {

    /**
     * @param element type and value of a field "a", as in BSON
     * @param relaxed what is given out by default; the same as {@code canonical} when empty
     */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/extended-json.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void bothForms(String name, String type, String value, String canonical, String relaxed) {
        Buffer bson = document(type + "6100" + (value == null ? "" : value));
        String plain = relaxed == null ? canonical : relaxed;

        assertEquals(
                "{\"a\":" + canonical + "}", ExtendedJson.decode(bson, true).encode());
        assertEquals("{\"a\":" + plain + "}", ExtendedJson.decode(bson, false).encode());
        assertEquals(Vectors.hex(bson), Vectors.hex(encoded("{\"a\":" + canonical + "}")));
        // An int64 that fits 32 bits is the one value whose plain form comes back as another type.
        Buffer again = type.equals("12") && !plain.equals(canonical) && plain.length() < 10
                ? document("106100" + value.replace(" ", "").substring(0, 8))
                : bson;
        assertEquals(Vectors.hex(again), Vectors.hex(encoded("{\"a\":" + plain + "}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"$uuid\":\"00112233-4455-6677-8899-aabbccddeeff\"} | 05 6100 10000000 04 00112233445566778899aabbccddeeff",
                "{\"$binary\":{\"subType\":\"0\",\"base64\":\"/w==\"}} | 05 6100 01000000 00 ff",
                "{\"$date\":\"1970-01-01T01:00:00.001999+01:00\"} | 09 6100 0100000000000000",
                "{\"$numberDouble\":\"1\"} | 01 6100 000000000000f03f",
                "{\"$numberDouble\":\"-1.5E0\"} | 01 6100 000000000000f8bf",
                "{\"$oid\":\"0102030405060708090A0B0C\"} | 07 6100 0102030405060708090a0b0c",
                "{\"$scope\":{},\"$code\":\"x\"} | 0f 6100 0f000000 02000000 7800 0500000000",
                "{\"$regularExpression\":{\"options\":\"xi\",\"pattern\":\"y\"}} | 0b 6100 7900 697800",
                "2147483647 | 10 6100 ffffff7f",
                "2147483648 | 12 6100 0000008000000000",
                "-2147483649 | 12 6100 ffffff7fffffffff",
                // operators and look-alikes are documents
                "{\"$gt\":5} | 03 6100 0e000000 10 24677400 05000000 00",
                "{\"x\":1,\"$oid\":1} | 03 6100 16000000 10 7800 01000000 10 246f696400 01000000 00",
                "{\"$ref\":\"c\",\"$id\":1} | 03 6100 1a000000 02 2472656600 02000000 6300 10 24696400 01000000 00",
                "{\"$regex\":\"x\",\"$options\":\"i\"} |"
                        + " 03 6100 23000000 02 247265676578 00 02000000 7800 02 246f7074696f6e73 00 02000000 6900 00",
                "{\"$type\":\"string\"} | 03 6100 17000000 02 247479706500 07000000 737472696e6700 00",
                "{} | 03 6100 0500000000"
            })
    void otherFormsAreRead(String json, String element) {
        assertEquals(Vectors.hex(document(element)), Vectors.hex(encoded("{\"a\":" + json + "}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"$oid\":\"01\"} | a.$oid",
                "{\"$oid\":\"0102030405060708090a0b0g\"} | a.$oid",
                "{\"$oid\":5} | a.$oid",
                "{\"$oid\":null} | a.$oid",
                "{\"$oid\":\"0102030405060708090a0b0c\",\"b\":1} | a.$oid",
                "{\"$numberInt\":5} | a.$numberInt",
                "{\"$numberInt\":\"2147483648\"} | a.$numberInt",
                "{\"$numberInt\":\"+5\"} | a.$numberInt",
                "{\"$numberInt\":\"\"} | a.$numberInt",
                "{\"$numberLong\":\"9223372036854775808\"} | a.$numberLong",
                "{\"$numberLong\":\"1.0\"} | a.$numberLong",
                "{\"$numberLong\":\"٣\"} | a.$numberLong",
                "{\"$numberDouble\":\"0x1p3\"} | a.$numberDouble",
                "{\"$numberDouble\":\"1d\"} | a.$numberDouble",
                "{\"$numberDouble\":\"-1E309\"} | a.$numberDouble",
                "{\"$numberDouble\":\"nan\"} | a.$numberDouble",
                "{\"$numberDecimal\":\"x\"} | a.$numberDecimal",
                "{\"$numberDecimal\":\"1E9999\"} | a.$numberDecimal",
                "{\"$binary\":\"/w==\"} | a.$binary",
                "{\"$binary\":{\"base64\":\"/w==\"}} | a.$binary",
                "{\"$binary\":{\"base64\":\"/w\",\"subType\":\"00\"}} | a.$binary",
                "{\"$binary\":{\"base64\":\"_w==\",\"subType\":\"00\"}} | a.$binary",
                "{\"$binary\":{\"base64\":\"/w==\",\"subType\":\"100\"}} | a.$binary",
                "{\"$binary\":{\"base64\":\"/w==\",\"subType\":\"00\",\"x\":1}} | a.$binary",
                "{\"$uuid\":\"00112233445566778899aabbccddeeff\"} | a.$uuid",
                "{\"$date\":5} | a.$date",
                "{\"$date\":\"yesterday\"} | a.$date",
                "{\"$date\":\"1970-01-01T00:00:00\"} | a.$date",
                "{\"$date\":\"+999999999-01-01T00:00:00Z\"} | a.$date",
                "{\"$date\":{\"$numberInt\":\"5\"}} | a.$date",
                "{\"$timestamp\":{\"t\":1}} | a.$timestamp",
                "{\"$timestamp\":{\"t\":-1,\"i\":0}} | a.$timestamp",
                "{\"$timestamp\":{\"t\":4294967296,\"i\":0}} | a.$timestamp",
                "{\"$timestamp\":{\"t\":1.5,\"i\":0}} | a.$timestamp",
                "{\"$regularExpression\":{\"pattern\":\"x\"}} | a.$regularExpression",
                "{\"$regularExpression\":{\"pattern\":\"\\u0000\",\"options\":\"\"}} | a.$regularExpression",
                "{\"$regularExpression\":{\"pattern\":\"x\",\"options\":\"😀😁\"}} | a.$regularExpression",
                "{\"$dbPointer\":{\"$ref\":\"x\",\"$id\":\"y\"}} | a.$dbPointer",
                "{\"$code\":5} | a.$code",
                "{\"$code\":\"x\",\"$scope\":5} | a",
                "{\"$code\":\"x\",\"$scope\":{\"$oid\":\"0102030405060708090a0b0c\"}} | a",
                "{\"$code\":\"x\",\"$scope\":{\"b\":{\"$oid\":1}}} | a.$scope.b.$oid",
                "{\"$scope\":{}} | a",
                "{\"$symbol\":5} | a.$symbol",
                "{\"$minKey\":2} | a.$minKey",
                "{\"$maxKey\":true} | a.$maxKey",
                "{\"$undefined\":false} | a.$undefined",
                "[1,[{\"b\":{\"$date\":1}}]] | a[1][0].b.$date",
                "{\"\\u0000\":1} | a",
                "\"\\ud800\" | a",
                "{\"\\udc00\":1} | a",
                "9223372036854775808 | a"
            })
    void malformed(String json, String path) {
        ProtocolException bad = assertThrows(ProtocolException.class, () -> encoded("{\"a\":" + json + "}"));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        String said = bad.getMessage().substring(0, bad.getMessage().indexOf(": "));
        assertEquals(
                path, said.endsWith("\0") || said.endsWith("\udc00") ? said.substring(0, said.length() - 2) : said);
    }

    /** 10^34 - 1 is the largest significand; what is above it is no number of the format, and reads as zero. */
    @ParameterizedTest
    @CsvSource({
        "ffffffff638e8d37c087adbe09ed4130, 9999999999999999999999999999999999",
        "00000000648e8d37c087adbe09ed4130, 0",
        "00000000648e8d37c087adbe09ed41b0, -0",
        "ffffffffffffffffffffffffffff4930, 0E+4",
        "fffffffffbffdcfffffdffffffff0100, 0E-6176"
    })
    void significandsOfMoreThan34Digits(String value, String decimal) {
        assertEquals(
                "{\"a\":{\"$numberDecimal\":\"" + decimal + "\"}}",
                ExtendedJson.decode(document("136100" + value), true).encode());
    }

    @Test
    void aTypedValueIsNoDocument() {
        ProtocolException bad =
                assertThrows(ProtocolException.class, () -> encoded("{\"$oid\":\"0102030405060708090a0b0c\"}"));
        assertEquals("$oid: a typed value (expected: a document)", bad.getMessage());
    }

    @Test
    void commandsHaveTheirNameFirst() {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("$db", "d");
        extra.put("maxTimeMS", 5L);
        JsonObject command = new JsonObject("{\"filter\":{\"b\":1,\"a\":{\"$gt\":2}},\"find\":\"c\",\"limit\":1}");
        JsonObject before = command.copy();
        Buffer bson = ExtendedJson.encode(command, "find", extra);
        assertEquals(
                "{\"find\":\"c\",\"filter\":{\"b\":1,\"a\":{\"$gt\":2}},\"limit\":1,\"$db\":\"d\",\"maxTimeMS\":5}",
                ExtendedJson.decode(bson, false).encode());
        assertEquals(before, command);
    }

    @Tag("M44")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"find\":\"c\",\"$db\":\"admin\"} | $db: present (expected: absent, it is not the caller's)",
                "{\"find\":\"c\",\"lsid\":{}} | lsid: present (expected: absent, it is not the caller's)",
                "{\"drop\":\"c\"} | find: absent (expected: the command's name)"
            })
    void commandsAreNotMoreThanTheirs(String command, String message) {
        for (Map<String, Object> extra : List.of(
                Map.<String, Object>of("lsid", new JsonObject()), Map.<String, Object>of("lsid", 1, "$db", "d"))) {
            assertEquals(
                    message,
                    assertThrows(
                                    ProtocolException.class,
                                    () -> ExtendedJson.encode(new JsonObject(command), "find", extra))
                            .getMessage());
        }
    }

    @Test
    void depthIsBoundedBothWays() {
        Buffer deepest = ExtendedJson.encode(nested(200));
        assertEquals(nested(200), ExtendedJson.decode(deepest, false));
        ProtocolException bad = assertThrows(ProtocolException.class, () -> ExtendedJson.encode(nested(201)));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
        assertEquals("nesting: 201 (expected: <= 200)", bad.getMessage().replaceFirst(".*: nesting", "nesting"));
        Buffer deeper = document("03 6100 " + Vectors.hex(deepest));
        ProtocolException unread = assertThrows(ProtocolException.class, () -> ExtendedJson.decode(deeper, false));
        assertEquals("nesting: 201 (expected: <= 200)", unread.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"M17", "M19", "M21", "M22", "M23", "M25", "M26", "M27"})
    void badDocumentsAreNotGivenToTheLibrary(String id) {
        Buffer message = AbuseVectors.of("mongo").get(id).bytes();
        Buffer document = message.getBuffer(21, message.length());
        ProtocolException bad = assertThrows(ProtocolException.class, () -> ExtendedJson.decode(document, false));
        assertEquals(ProtocolException.Kind.DECODE, bad.kind());
    }

    @Tag("M38")
    @Test
    void manyKeysInLinearTime() {
        JsonObject many = new JsonObject();
        JsonArray list = new JsonArray();
        for (int i = 0; i < 100_000; i++) {
            many.put("key" + i, i);
            list.add(i);
        }
        many.put("list", list);
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertEquals(many, ExtendedJson.decode(ExtendedJson.encode(many), false)));
    }

    @Test
    void duplicateKeysCountOnce() {
        assertEquals(
                "{\"a\":2}",
                ExtendedJson.decode(document("10 6100 01000000 10 6100 02000000"), false)
                        .encode());
    }

    static JsonObject nested(int depth) {
        JsonObject object = new JsonObject();
        for (int i = 1; i < depth; i++) {
            object = new JsonObject().put("a", object);
        }
        return object;
    }

    private static Buffer encoded(String json) {
        return ExtendedJson.encode(new JsonObject(json));
    }

    static Buffer document(String elements) {
        Buffer bytes = Vectors.bytes(elements);
        return Buffer.buffer()
                .appendIntLE(5 + bytes.length())
                .appendBuffer(bytes)
                .appendByte((byte) 0);
    }
}
