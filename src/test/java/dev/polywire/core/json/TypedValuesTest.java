package dev.polywire.core.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedValuesTest {

    /** value, 64-bit integer or null */
    static Stream<Arguments> int64() {
        return Stream.of(
                Arguments.of(7, 7L),
                Arguments.of((byte) -7, -7L),
                Arguments.of((short) 7, 7L),
                Arguments.of(Long.MIN_VALUE, Long.MIN_VALUE),
                Arguments.of(BigInteger.valueOf(Long.MAX_VALUE), Long.MAX_VALUE),
                Arguments.of(BigInteger.valueOf(Long.MIN_VALUE), Long.MIN_VALUE),
                Arguments.of(BigInteger.ONE.shiftLeft(63), null),
                Arguments.of(BigInteger.ONE.shiftLeft(64), null),
                Arguments.of("0", 0L),
                Arguments.of("-1", -1L),
                Arguments.of("9007199254740993", 9007199254740993L),
                Arguments.of("9223372036854775807", Long.MAX_VALUE),
                Arguments.of("-9223372036854775808", Long.MIN_VALUE),
                Arguments.of("9223372036854775808", null),
                Arguments.of("-9223372036854775809", null),
                Arguments.of("99999999999999999999", null),
                Arguments.of("000000000000000000001", null),
                Arguments.of("", null),
                Arguments.of("-", null),
                Arguments.of("--1", null),
                Arguments.of("+1", null),
                Arguments.of(" 1", null),
                Arguments.of("1.0", null),
                Arguments.of("1e3", null),
                Arguments.of("0x10", null),
                Arguments.of("١", null),
                Arguments.of(1.0, null),
                Arguments.of(1.0f, null),
                Arguments.of(BigDecimal.ONE, null),
                Arguments.of(true, null),
                Arguments.of(null, null));
    }

    @ParameterizedTest
    @MethodSource
    void int64(Object value, Long number) {
        assertEquals(number, TypedValues.int64(value));
    }

    @ParameterizedTest
    @CsvSource({"'',''", "00,AA==", "0001,AAE=", "fffefd,//79", "fbefbe,++++"})
    void bytes(String hex, String base64) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);
        assertArrayEquals(bytes, TypedValues.bytes(base64));
        assertEquals(base64, TypedValues.text(bytes));
    }

    /** As other clients write them, Vert.x's {@link JsonObject} for one. */
    @ParameterizedTest
    @CsvSource({"00,AA", "0001,AAE", "fffefd,__79", "fbefbe,----", "ff,_w", "ff,_w==", "fbff,-_8="})
    void bytesOfOthers(String hex, String base64) {
        assertArrayEquals(java.util.HexFormat.of().parseHex(hex), TypedValues.bytes(base64));
    }

    @Test
    void bytesOfAJsonObject() {
        byte[] bytes = {-1, -2, -3, -4};
        assertArrayEquals(
                bytes, TypedValues.bytes(new JsonObject().put("bytes", bytes).getValue("bytes")));
        assertArrayEquals(
                bytes,
                TypedValues.bytes(
                        new JsonObject().put("bytes", Buffer.buffer(bytes)).getValue("bytes")));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "A", // six bits
                "AA=", // half of the padding
                "AAE==", // too much
                "====",
                "A===",
                "AA==AA==", // padding in the middle
                "_/79", // both alphabets
                "-+++",
                "AA ==", // white space
                "AAA\n",
                "AAAé", // not ASCII
                "AAA\u0141", // ends in the byte of 'A'
            })
    void thisIsNotBase64(String text) {
        assertNull(TypedValues.bytes(text));
    }

    @Test
    void onlyTextIsBase64() {
        assertNull(TypedValues.bytes(1234));
        assertNull(TypedValues.bytes(new byte[3]));
    }
}
