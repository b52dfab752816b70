package dev.polywire.amqp.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.AmqpReader;
import dev.polywire.amqp.wire.AmqpWriter;
import dev.polywire.amqp.wire.LongString;
import dev.polywire.amqp.wire.Timestamp;
import dev.polywire.amqp.wire.UnsignedField;
import dev.polywire.core.json.FieldException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TableJsonTest {

    /** A value as it is received, its JSON, and whether that JSON is the same value again. */
    static Stream<Arguments> values() {
        return Stream.of(
                row(null, "null", true),
                row(true, "true", true),
                row(LongString.of("häß"), "\"häß\"", true),
                row(7, "7", false),
                row(-7L, "-7", true),
                row((byte) 7, "7", false),
                row((short) 7, "7", false),
                row(new UnsignedField(8, 200), "200", false),
                row(new UnsignedField(32, 4_000_000_000L), "4000000000", false),
                row(4_000_000_000L, "4000000000", true),
                row(1L << 53, "9007199254740992", true),
                row((1L << 53) + 1, "{'$type':'Long','_value':'9007199254740993'}", true),
                row(Long.MIN_VALUE, "{'$type':'Long','_value':'-9223372036854775808'}", true),
                row(7.5, "7.5", true),
                row(0.5f, "0.5", false),
                row(Double.NaN, "{'$type':'Double','_value':'NaN'}", true),
                row(Double.NEGATIVE_INFINITY, "{'$type':'Double','_value':'-Infinity'}", true),
                row(new BigDecimal("12.340"), "{'$type':'Decimal','_value':'12.340'}", true),
                row(new Timestamp(1_795_251_600), "{'$type':'Timestamp','_value':1795251600}", true),
                row(new Timestamp(-1), "{'$type':'Timestamp','_value':'-1'}", true),
                row(Buffer.buffer("hi"), "{'$type':'Base64','_value':'aGk='}", true),
                row(
                        new LongString(Buffer.buffer(new byte[] {(byte) 0xff})),
                        "{'$type':'LongString','_value':'/w=='}",
                        true),
                row(Map.of("a", Map.of("b", 1L)), "{'a':{'b':1}}", true),
                row(Map.of("$type", 1L), "{'$type':'Table','_value':{'$type':1}}", true),
                row(Arrays.asList(1L, null, List.of(true)), "[1,null,[true]]", true));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueAndItsJson(Object value, String json, boolean same) {
        JsonObject given = TableJson.json(java.util.Collections.singletonMap("x", value));
        assertEquals("{\"x\":" + json.replace('\'', '"') + "}", given.encode());
        Map<String, Object> read = TableJson.read("headers", given);
        if (same) {
            assertEquals(overTheWire(java.util.Collections.singletonMap("x", value)), overTheWire(read));
        }
        assertEquals(given, TableJson.json(overTheWire(read)), "whatever its width, it looks the same");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'$type':'Void','_value':null}          | null",
                "{'$type':'Boolean','_value':true}       | true",
                "{'$type':'Byte','_value':-128}          | -128",
                "{'$type':'Short','_value':'-32768'}     | -32768",
                "{'$type':'Integer','_value':7}          | 7",
                "{'$type':'Long','_value':7}             | 7",
                "{'$type':'UnsignedByte','_value':255}   | UnsignedField[bits=8, value=255]",
                "{'$type':'UnsignedShort','_value':255}  | UnsignedField[bits=16, value=255]",
                "{'$type':'UnsignedInteger','_value':1}  | UnsignedField[bits=32, value=1]",
                "{'$type':'Float','_value':7}            | 7.0",
                "{'$type':'Double','_value':7}           | 7.0",
                "{'$type':'Decimal','_value':12.5}       | 12.5",
                "{'$type':'String','_value':'x'}         | x",
                "{'$type':'Array','_value':[1]}          | [1]",
                "{'$type':'Table','_value':{'$type':2}}  | {$type=2}",
            })
    void everyTypeHasAName(String json, String value) {
        assertEquals("{x=" + value + "}", TableJson.read("h", x(json)).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'$type':'Gopher','_value':1}           | h.x: of a $type that nobody knows",
                "{'$type':'Long'}                        | h.x: an object with a field $type",
                "{'$type':'Long','_value':1,'more':1}    | h.x: an object with a field $type",
                "{'$type':'Byte','_value':128}           | h.x: 128 (expected: an integer, -128 to 127)",
                "{'$type':'Float','_value':1e39}         | h.x: 1.0E39 (expected: a number of 32 bits",
                "{'$type':'Float','_value':-3.5e38}      | h.x: -3.5E38 (expected: a number of 32 bits",
                "{'$type':'Decimal','_value':'1e400'}       | h.x: a string (expected: a decimal of 31 bits",
                "{'$type':'Decimal','_value':'99999999999'} | h.x: a string (expected: a decimal of 31 bits",
                "{'$type':'Base64','_value':'aGk=='}      | h.x: a string (expected: base64)",
                "{'a':[1,{'$type':1,'_value':1}]}        | h.x.a[1]: an object with a field $type",
                "['\\ud800']                             | h.x[0]: half a surrogate pair",
                "{'a':['\\ud800']}                       | h.x.a[0]: half a surrogate pair",
                "{'\\ud800':1}                           | h.x.",
                "{'$type':'String','_value':'\\ud800'}   | h.x: half a surrogate pair",
                "18446744073709551616                    | h.x: 18446744073709551616 (expected: a JSON value",
            })
    void isRefused(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> TableJson.read("h", x(json)));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
    }

    @Test
    void isNoDeeperThanItCanBeWritten() {
        String deepest = "{'a':".repeat(31) + "{}" + "}".repeat(31);
        overTheWire(TableJson.read("h", x(deepest)));
        assertThrows(FieldException.class, () -> TableJson.read("h", x("{'a':" + deepest + "}")));
        assertThrows(FieldException.class, () -> TableJson.read("h", new JsonObject().put("n".repeat(256), 1)));
    }

    private static JsonObject x(String json) {
        return new JsonObject("{\"x\":" + json.replace('\'', '"') + "}");
    }

    private static Map<String, Object> overTheWire(Map<String, Object> table) {
        return new AmqpReader(new AmqpWriter().table(table).copy()).table();
    }

    private static Arguments row(Object value, String json, boolean same) {
        return Arguments.of(value, json, same);
    }
}
