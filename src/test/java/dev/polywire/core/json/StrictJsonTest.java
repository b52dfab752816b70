package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    private static final StrictJson JSON = new StrictJson(1_000);

    /** document, value */
    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("{}", new JsonObject()),
                Arguments.of("[]", new JsonArray()),
                Arguments.of(" \r\n\t[ 1 , 2 ] ", JsonArray.of(1, 2)),
                Arguments.of(
                        "{\"a\":{\"b\":[null,true,false]}}",
                        new JsonObject()
                                .put(
                                        "a",
                                        new JsonObject()
                                                .put(
                                                        "b",
                                                        new JsonArray()
                                                                .addNull()
                                                                .add(true)
                                                                .add(false)))),
                Arguments.of("\"é€😀\\u0041\\n\"", "é€😀A\n"),
                Arguments.of("\"\"", ""),
                Arguments.of("0", 0),
                Arguments.of("-2147483649", -2147483649L),
                Arguments.of("9007199254740993", 9007199254740993L),
                Arguments.of("9223372036854775808", new BigInteger("9223372036854775808")),
                Arguments.of("1.5e3", 1500.0),
                Arguments.of("-0.0", -0.0),
                Arguments.of("1e-400", 0.0),
                Arguments.of("1" + "0".repeat(999), BigInteger.TEN.pow(999)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void reads(String document, Object value) {
        assertEquals(value, JSON.read(Buffer.buffer(document)));
    }

    @Test
    void readsNull() {
        assertNull(JSON.read(Buffer.buffer("null")));
    }

    /** document, complaint (its start) */
    static Stream<Arguments> bad() {
        return Stream.of(
                row("", "empty (expected: a value)"),
                row(" \n", "empty (expected: a value)"),
                row("1 2", "a second value (expected: one)"),
                row("{}{}", "a second value (expected: one)"),
                row("{} x", "malformed near character"),
                row("{\"a\":1,\"a\":1}", "malformed near character"),
                row("[{\"a\":1,\"b\":{\"c\":1,\"c\":2}}]", "malformed near character"),
                row("1e400", "a number beyond 64-bit floating point"),
                row("-1e400", "a number beyond 64-bit floating point"),
                row("1".repeat(1_001), "over a limit"),
                row("0." + "1".repeat(1_001), "over a limit"),
                row("[".repeat(1_001), "over a limit"),
                row("{\"a\":".repeat(1_001), "over a limit"),
                row("[".repeat(1_001) + "]".repeat(1_001), "over a limit (expected: at most 1000 levels"),
                row("{\"" + "a".repeat(50_001) + "\":1}", "over a limit"),
                row("NaN", "malformed"),
                row("Infinity", "malformed"),
                row("01", "malformed"),
                row("+1", "malformed"),
                row(".5", "malformed"),
                row("1.", "malformed"),
                row("'a'", "malformed"),
                row("{a:1}", "malformed"),
                row("[1,]", "malformed"),
                row("[1", "malformed"),
                row("{\"a\"", "malformed"),
                row("{\"a\":", "malformed"),
                row("{\"a\":}", "malformed"),
                row("]", "malformed"),
                row("\"a", "malformed"),
                row("\"a\nb\"", "malformed"),
                row("\"\\x41\"", "malformed"),
                row("// no\n1", "malformed"),
                row("\ufeff1", "malformed"));
    }

    @ParameterizedTest(name = "[{index}] {1}")
    @MethodSource("bad")
    void refuses(Buffer document, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> JSON.read(document));
        assertEquals("json", bad.path());
        assertTrue(bad.getMessage().startsWith("json: " + complaint), bad.getMessage());
        assertTrue(bad.getMessage().length() < 200, bad.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22fffe22", // S11
                "22c08022", // overlong
                "22c1bf22", // overlong
                "22eda08022", // a surrogate
                "22f490808022", // beyond U+10FFFF
                "22c3", // cut
                "7b22c080223a317d", // in a name
                "31ff", // behind the value
            })
    void textIsStrictUtf8(String hex) {
        Buffer document = Buffer.buffer(HexFormat.of().parseHex(hex));
        FieldException bad = assertThrows(FieldException.class, () -> JSON.read(document));
        assertEquals("json: not UTF-8", bad.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreNotGuessed(String charset) {
        Buffer document = Buffer.buffer("{\"a\":1}", charset);
        assertThrows(FieldException.class, () -> JSON.read(document));
    }

    /** Whatever parses them. */
    @Test
    void realNumbersAreRoundedAsTheJdkDoes() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            String digits = random.ints(1 + random.nextInt(round % 100 == 0 ? 900 : 25), '0', '9' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String real = (round % 2 == 0 ? "-" : "") + "3." + digits + "e" + (random.nextInt(660) - 345);
            double expected = Double.parseDouble(real);
            if (Double.isFinite(expected)) {
                assertEquals(expected, JSON.read(Buffer.buffer(real)), real);
            }
        }
    }

    /**
     * The bounds of depth and of numbers are Jackson's own (StreamReadConstraints), with our values: they answer while a
     * document is read, before anything is made of it. Jackson's default depth is 1,000.
     */
    @Test
    void theParserHasOurLimits() {
        StrictJson hundred = new StrictJson(100);
        assertInstanceOf(JsonArray.class, hundred.read(Buffer.buffer("[".repeat(100) + "]".repeat(100))));
        for (String over : new String[] {"[".repeat(101), "[".repeat(101) + "]".repeat(101), "1".repeat(1_001)}) {
            assertEquals(
                    "json: over a limit (expected: at most 100 levels, and numbers of at most 1000 characters)",
                    assertThrows(FieldException.class, () -> hundred.read(Buffer.buffer(over)))
                            .getMessage());
        }
    }

    @Test
    void depthIsWhatWasAskedFor() {
        StrictJson three = new StrictJson(3);
        assertInstanceOf(JsonArray.class, three.read(Buffer.buffer("[{\"a\":[1]}]")));
        assertThrows(FieldException.class, () -> three.read(Buffer.buffer("[{\"a\":[[]]}]")));
        assertInstanceOf(JsonArray.class, JSON.read(Buffer.buffer("[".repeat(1_000) + "]".repeat(1_000))));
        assertThrows(IllegalArgumentException.class, () -> new StrictJson(0));
        assertThrows(IllegalArgumentException.class, () -> new StrictJson(1_001));
    }

    @Test
    void complaintsHoldNoPartOfTheDocument() {
        for (String document : new String[] {
            "{\"password\":\"marked-secret\" \"x\"}", "{\"marked-secret\":1,\"marked-secret\":2}", "marked-secret"
        }) {
            FieldException bad = assertThrows(FieldException.class, () -> JSON.read(Buffer.buffer(document)));
            assertFalse(bad.getMessage().contains("marked"), bad.getMessage());
            assertNull(bad.getCause());
        }
    }

    @Test
    void mutatedDocumentsGiveAValueOrAFieldException() {
        Random random = new Random(5);
        byte[] seed = "{\"a\":[1,-2.5e3,\"x\\u00e9é\",true,null],\"b\":{\"c\":\"d\"}}".getBytes(StandardCharsets.UTF_8);
        int read = 0;
        int refused = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = seed.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(round % 2 == 0 ? 256 : 128);
            }
            try {
                JSON.read(Buffer.buffer(bytes));
                read++;
            } catch (FieldException bad) {
                refused++;
            }
        }
        assertTrue(read > 1_000 && refused > 1_000, read + " read, " + refused + " refused");
    }

    private static Arguments row(String document, String complaint) {
        return Arguments.of(Buffer.buffer(document), complaint);
    }

    /** Small on the wire and large in memory. */
    @Test
    void countsValues() {
        StrictJson five = new StrictJson(10, 5);
        for (String json : new String[] {"[{},[],0,\"\"]", "{\"a\":{\"b\":[null,true]}}"}) {
            assertEquals(5, five.document(Buffer.buffer(json)).values());
            assertEquals(1, five.document(Buffer.buffer("1")).values());
            String one = json.replaceFirst("\\[", "[7,");
            assertEquals(
                    "json: too many values (expected: <= 5)",
                    assertThrows(FieldException.class, () -> five.read(Buffer.buffer(one)))
                            .getMessage());
        }
    }
}
